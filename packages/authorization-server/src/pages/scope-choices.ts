import { html } from './html.ts'
import type { Html } from './html.ts'
import type { Language } from './languages/language.ts'

/** A scope as users read it. */
export interface DescribedScope {
  readonly name: string
  readonly description: string
  /** Whether it goes beyond what the user allowed this client before. @default false */
  readonly isNew?: boolean | undefined
}

// OpenID Connect Core 1.0 §5.4: these give claims about the user. `offline_access` gives none, it is about what an app may do.
const aboutTheUser: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'phone', 'address'])

/** One ticked checkbox per scope; what an app may do comes first and apart from what it gets to know. */
export function scopeChoices(scopes: readonly DescribedScope[], language: Language): readonly Html[] {
  const { mayDo, mayKnow } = language.messages
  return [
    choices(
      mayDo,
      scopes.filter(({ name }) => !aboutTheUser.has(name)),
      language,
    ),
    choices(
      mayKnow,
      scopes.filter(({ name }) => aboutTheUser.has(name)),
      language,
    ),
  ].filter((group) => group !== undefined)
}

/** The description of a scope in a language, or the one that came with it. */
export function describeScope({ name, description }: DescribedScope, { scopes }: Language): string {
  return scopes !== undefined && Object.hasOwn(scopes, name) ? (scopes[name] ?? description) : description
}

function choices(legend: string, scopes: readonly DescribedScope[], language: Language): Html | undefined {
  if (scopes.length === 0) return undefined
  return html`<fieldset>
    <legend>${legend}</legend>
    <ul class="scopes">
      ${scopes.map(
        (scope) =>
          html`<li>
            <label
              ><input type="checkbox" name="scope" value="${scope.name}" checked /><span dir="auto"
                >${describeScope(scope, language)}</span
              >${
                scope.isNew === true && html`<span class="badge">${language.messages.newScope}</span>`
              }</label
            >
          </li>`,
      )}
    </ul>
  </fieldset>`
}
