import { html } from './html.ts'
import type { Html } from './html.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'

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
  readonly scopes: readonly { readonly name: string; readonly description: string }[]
  readonly action: string
  readonly csrf: string
}

/** The page that asks the user what a client may do. */
export function consentPage(page: ConsentPage): Html {
  return layout(
    page,
    'Allow access',
    html`<h1>${page.clientName} wants access to ${page.productName}</h1>
      <p class="muted">You are signed in as <strong>${page.userName}</strong>.</p>
      ${
        !page.verified &&
        html`<p class="note">
          This app registered itself. Its name has not been checked by ${page.productName}.
        </p>`
      }
      ${
        page.loopback &&
        html`<p class="note">
          The answer goes to a program on this computer. Continue only if you just started connecting it
          yourself.
        </p>`
      }
      <form id="consent" method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <p>It will be able to:</p>
        <ul class="scopes">
          ${page.scopes.map(
            ({ name, description }) =>
              html`<li>
                <label
                  ><input type="checkbox" name="scope" value="${name}" checked /><span
                    >${description}</span
                  ></label
                >
              </li>`,
          )}
        </ul>
        <p class="muted">
          You will be sent to <span class="host">${page.redirectHost}</span>. You can disconnect it at any
          time.
        </p>
        <div class="actions">
          <button type="submit" name="decision" value="deny">Deny</button>
          <button class="primary" type="submit" name="decision" value="approve">Allow</button>
        </div>
      </form>`,
  )
}
