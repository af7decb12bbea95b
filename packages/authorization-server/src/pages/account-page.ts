import { fill, isolated } from './fill.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import type { Language } from './languages/language.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'
import { describeScope } from './scope-choices.ts'
import type { DescribedScope } from './scope-choices.ts'

/** An app that the user connected. */
export interface ConnectedClient {
  readonly grantId: string
  readonly name: string
  readonly verified: boolean
  readonly scopes: readonly DescribedScope[]
  /** What it may do beyond scopes, in words. @default nothing */
  readonly details?: readonly string[]
  /** When it was connected, in milliseconds. */
  readonly since: number
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
  const { clients, language = english } = page
  const { messages } = language
  const product = isolated(page.productName)
  return layout(
    { ...page, wide: true },
    messages.connectedApps,
    html`<h1>${messages.connectedApps}</h1>
      <p class="muted">
        ${fill(messages.signedInAs, { user: html`<strong><bdi>${page.userName}</bdi></strong>` })}
      </p>
      ${
        clients.length === 0
          ? html`<p class="notice"><span>${fill(messages.noApps, { product })}</span></p>`
          : html`<p>${fill(messages.appsHaveAccess, { product })}</p>`
      }
      ${clients.map((client) => connected(client, page, language))}
      <form id="sign-out" method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <button type="submit" name="decision" value="sign-out">${messages.signOut}</button>
      </form>`,
  )
}

function connected(client: ConnectedClient, page: AccountPage, language: Language): Html {
  const { tag, messages } = language
  const since = new Date(client.since)
  const date = html`<time datetime="${since.toISOString()}"
    >${new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' }).format(since)}</time
  >`
  return html`<section class="connected">
    <div>
      <h2 class="clamp"><bdi>${client.name}</bdi></h2>
      <p class="muted">
        ${fill(messages.connectedOn, { date })}
        ${!client.verified && html`<span class="badge">${messages.notVerified}</span>`}
      </p>
      <ul>
        ${client.scopes.map((scope) => html`<li><bdi>${describeScope(scope, language)}</bdi></li>`)}
        ${(client.details ?? []).map((text) => html`<li><bdi>${text}</bdi></li>`)}
      </ul>
    </div>
    <form method="post" action="${page.action}">
      <input type="hidden" name="csrf" value="${page.csrf}" />
      <input type="hidden" name="grant" value="${client.grantId}" />
      <button type="submit" name="decision" value="disconnect">
        ${messages.disconnect} <span class="hidden"><bdi>${client.name}</bdi></span>
      </button>
    </form>
  </section>`
}
