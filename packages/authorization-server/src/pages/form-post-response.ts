import type { ValidatedRedirectUri } from '@gatewright/redirect-uri'
import { html, toMarkup, trusted } from './html.ts'
import { sourceOf } from './page-response.ts'

const script = 'document.forms[0].submit()'

/**
 * A page that posts an answer to the client as soon as it is loaded; without scripts there is a button.
 *
 * @see [OAuth 2.0 Form Post Response Mode §2](https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode)
 */
export async function formPostResponse(
  redirectUri: ValidatedRedirectUri,
  fields: Readonly<Record<string, string>>,
): Promise<Response> {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="robots" content="noindex" />
      <title>Continue</title>
    </head>
    <body>
      <form method="post" action="${redirectUri}">
        ${inputs}
        <noscript><button type="submit">Continue</button></noscript>
      </form>
      ${trusted(`<script>${script}</script>`)}
    </body>
  </html>`
  return new Response(`<!doctype html>\n${toMarkup(page)}`, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      // The one script that may run is named by its hash, so that nothing in a field could become another.
      'content-security-policy': `default-src 'none'; script-src ${await sourceOf(script)}; base-uri 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  })
}
