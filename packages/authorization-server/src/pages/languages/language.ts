import type { texts } from './english.ts'

/** Every text of the pages. `{name}` stands for a part that is filled in; each translation has the same parts. */
export type Messages = { readonly [key in keyof typeof texts]: string }

/** A language that the pages speak. */
export interface Language {
  /** Its tag, for example `de` or `pt-BR`. @see [RFC 5646 §2.1](https://www.rfc-editor.org/rfc/rfc5646.html#section-2.1) */
  readonly tag: string
  readonly messages: Messages
  /** Descriptions of scopes in this language, by the name of the scope. @default the descriptions of `defineScopes` */
  readonly scopes?: Readonly<Record<string, string>>
}
