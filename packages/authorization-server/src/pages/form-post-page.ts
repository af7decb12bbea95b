import { fill, fillText, isolated } from './fill.ts'
import { html, trusted } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'

/** What the page shows that posts an answer to the client. */
export interface FormPostPage extends Branding {
  readonly clientName: string
  /** Where the form goes: the validated redirect URI. */
  readonly action: string
  /** What is posted, by the name of the field. */
  readonly fields: Readonly<Record<string, string>>
  /** The element that submits the first form of the page; put it behind the form. It is the only script that may run. */
  readonly submit: Html
}

/** The script that posts the form as soon as the page is loaded. */
export const submitScript = 'document.forms[0].submit()'

/** The element with the script. */
export const submitElement = trusted(`<script>${submitScript}</script>`)

/**
 * The page that posts an answer to the client as soon as it is loaded. Only without scripts there is a button: a second
 * press while the client still works would redeem the code twice.
 *
 * @see [OAuth 2.0 Form Post Response Mode §2](https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode)
 */
export function formPostPage(page: FormPostPage): Html {
  const { messages } = page.language ?? english
  const inputs = Object.entries(page.fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  return layout(
    page,
    fillText(messages.goingBack, { client: page.clientName }),
    html`<h1 class="clamp">${fill(messages.goingBack, { client: isolated(page.clientName) })}</h1>
      <form method="post" action="${page.action}">
        ${inputs}
        <noscript>
          <p>${messages.finishByHand}</p>
          <div class="actions"><button class="primary" type="submit">${messages.continue}</button></div>
        </noscript>
      </form>
      ${page.submit}`,
  )
}
