import { html } from './html.ts'
import type { Html } from './html.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'

/** An app that the user connected. */
export interface ConnectedClient {
  readonly grantId: string
  readonly name: string
  readonly verified: boolean
  readonly scopes: readonly string[]
  /** When it was connected, as a date that people read. */
  readonly since: string
}

/** What the account page shows. */
export interface AccountPage extends Branding {
  readonly userName: string
  readonly clients: readonly ConnectedClient[]
  readonly action: string
  readonly csrf: string
}

/** The signed-in user's page: which apps are connected, and a way to disconnect each. */
export function accountPage(page: AccountPage): Html {
  const { productName, clients } = page
  return layout(
    { ...page, wide: true },
    'Connected apps',
    html`<h1>Connected apps</h1>
      <p class="muted">
        You are signed in as <strong><bdi>${page.userName}</bdi></strong
        >.
      </p>
      ${
        clients.length === 0
          ? html`<p class="notice">No app has access to your <bdi>${productName}</bdi> account.</p>`
          : html`<p>
              These apps have access to your <bdi>${productName}</bdi> account. An app that you disconnect
              loses it at once, and has to ask you again.
            </p>`
      }
      ${clients.map((client) => connected(client, page))}
      <form id="sign-out" method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <button type="submit" name="decision" value="sign-out">Sign out</button>
      </form>`,
  )
}

function connected(client: ConnectedClient, page: AccountPage): Html {
  return html`<section class="connected">
    <div>
      <h2 class="clamp"><bdi>${client.name}</bdi></h2>
      <p class="muted">
        Connected on <time>${client.since}</time>
        ${!client.verified && html`<span class="badge">Not verified</span>`}
      </p>
      <ul>
        ${client.scopes.map((scope) => html`<li><bdi>${scope}</bdi></li>`)}
      </ul>
    </div>
    <form method="post" action="${page.action}">
      <input type="hidden" name="csrf" value="${page.csrf}" />
      <input type="hidden" name="grant" value="${client.grantId}" />
      <button type="submit" name="decision" value="disconnect">
        Disconnect <span class="hidden"><bdi>${client.name}</bdi></span>
      </button>
    </form>
  </section>`
}
