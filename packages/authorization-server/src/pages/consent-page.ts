import { durationInWords } from './duration-in-words.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'
import { scopeChoices } from './scope-choices.ts'
import type { DescribedScope } from './scope-choices.ts'
import { warningSign } from './warning-sign.ts'

/** What the consent page shows. */
export interface ConsentPage extends Branding {
  readonly clientId: string
  readonly clientName: string
  /** Whether the operator registered the client; what others say about themselves is not checked. */
  readonly verified: boolean
  /** The host that the answer goes to. */
  readonly redirectHost: string
  /** Whether the answer goes to a program on the user's own machine, which anybody may have started. */
  readonly loopback: boolean
  /** What the signed-in user is called. */
  readonly userName: string
  readonly scopes: readonly DescribedScope[]
  /** Seconds after which the user has to approve again, whatever is refreshed. Absent: the page does not say. */
  readonly lifetime?: number | undefined
  readonly action: string
  readonly csrf: string
}

/**
 * The page that asks the user what a client may do.
 *
 * Enter in a checkbox presses the first button of the form: that is "Deny", so that nobody allows by accident. Nothing
 * has the focus at first, so that Enter alone does nothing.
 */
export function consentPage(page: ConsentPage): Html {
  return layout(
    page,
    `Allow ${page.clientName}?`,
    html`<h1 class="request">
        <span class="clamp"><bdi>${page.clientName}</bdi></span> wants access to your
        <bdi>${page.productName}</bdi> account
      </h1>
      <p class="muted">
        You are signed in as <strong><bdi>${page.userName}</bdi></strong
        >.
      </p>
      ${warnings(page)}
      <form id="consent" method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        ${scopeChoices(page.scopes)}
        ${page.scopes.length > 1 && html`<p class="muted">Untick what you do not want to allow.</p>`}
        <dl class="facts">
          <div>
            <dt>You will be sent to</dt>
            <dd><bdi class="host">${page.redirectHost}</bdi>${page.loopback && ' (this device)'}</dd>
          </div>
          <div>
            <dt>Access ends</dt>
            <dd>
              ${page.lifetime === undefined ? 'As' : `After ${durationInWords(page.lifetime)} at most, or as`}
              soon as you disconnect it under “Connected apps” in your <bdi>${page.productName}</bdi> account.
            </dd>
          </div>
        </dl>
        <div class="actions">
          <button type="submit" name="decision" value="deny">Deny</button>
          <button class="primary" type="submit" name="decision" value="approve">Allow</button>
        </div>
      </form>`,
  )
}

function warnings({ verified, loopback, productName }: ConsentPage): Html | false {
  if (verified && !loopback) return false
  return html`<div class="${verified ? 'notice' : 'notice warn'}" role="note">
    ${warningSign}
    <div>
      ${
        !verified &&
        html`<p>
          <strong>This app is not verified.</strong> It registered itself, and <bdi>${productName}</bdi> has
          not checked its name or who made it.
        </p>`
      }
      ${
        loopback &&
        html`<p>
          <strong>This app runs on this device.</strong> Continue only if you have just started connecting it
          yourself.
        </p>`
      }
    </div>
  </div>`
}
