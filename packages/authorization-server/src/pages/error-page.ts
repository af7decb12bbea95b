import { fill } from './fill.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'

/** What went wrong, as far as the user is concerned. */
export type ErrorKind =
  | 'unknown_app'
  | 'unchecked_app'
  | 'invalid_link'
  | 'unanswerable_app'
  | 'expired'
  | 'answered'
  | 'foreign_form'
  | 'invalid_sign_in'
  | 'taken_code'
  | 'other_account'
  | 'too_many'
  | 'failed'

/** What the error page shows. Nothing of the request is repeated on it but what is named here. */
export interface ErrorPage extends Branding {
  readonly kind: ErrorKind
  /** What the developer of the client needs, in English: for example the OAuth error code. */
  readonly detail?: string | undefined
}

/** The page for a request that must not be answered by a redirect. It links nowhere. */
export function errorPage(page: ErrorPage): Html {
  const { messages } = page.language ?? english
  const title = messages[page.kind]
  return layout(
    page,
    title,
    html`<div role="alert">
        <h1>${title}</h1>
        <p>${messages[`${page.kind}_text`]}</p>
      </div>
      ${
        page.detail !== undefined &&
        html`<p class="muted aside">
          ${fill(messages.mentionCode, { detail: html`<code lang="en" dir="ltr">${page.detail}</code>` })}
        </p>`
      }`,
  )
}
