import { html } from './html.ts'
import type { Html } from './html.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'

/** What the error page shows. Nothing of the request is repeated on it but what is named here. */
export interface ErrorPage extends Branding {
  readonly title: string
  readonly message: string
  /** What the developer of the client needs, for example the OAuth error code. */
  readonly detail?: string | undefined
}

/** The page for a request that must not be answered by a redirect. It links nowhere. */
export function errorPage(page: ErrorPage): Html {
  return layout(
    page,
    page.title,
    html`<div role="alert">
        <h1>${page.title}</h1>
        <p>${page.message}</p>
      </div>
      ${
        page.detail !== undefined &&
        html`<p class="muted aside">
          You can close this page. If you ask for help, mention this code: <code>${page.detail}</code>
        </p>`
      }`,
  )
}
