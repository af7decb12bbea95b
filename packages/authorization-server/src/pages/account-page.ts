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
  return layout(
    page,
    'Connected apps',
    html`<h1>Connected apps</h1>
      <p class="muted">You are signed in as <strong>${page.userName}</strong>.</p>
      ${page.clients.length === 0 && html`<p>No app has access to your account.</p>`}
      ${page.clients.map((client) => connected(client, page))}
      <form method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <div class="actions"><button type="submit" name="decision" value="sign-out">Sign out</button></div>
      </form>`,
  )
}

function connected(client: ConnectedClient, page: AccountPage): Html {
  return html`<section class="client">
    <h2>${client.name}</h2>
    <p class="muted">Connected ${client.since}${!client.verified && html` · registered itself`}</p>
    <ul>
      ${client.scopes.map((scope) => html`<li>${scope}</li>`)}
    </ul>
    <form method="post" action="${page.action}">
      <input type="hidden" name="csrf" value="${page.csrf}" />
      <input type="hidden" name="grant" value="${client.grantId}" />
      <button type="submit" name="decision" value="disconnect">Disconnect ${client.name}</button>
    </form>
  </section>`
}
