import { fill, fillText, isolated } from './fill.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'

/** What the logout page shows. */
export interface LogoutPage extends Branding {
  readonly userName: string
  /** The client that asks for it. Absent when none did, or none that is known. */
  readonly clientName?: string | undefined
  readonly action: string
  readonly csrf: string
}

/** The page that asks whether to sign out. Nothing has the focus at first, so that Enter alone does nothing. */
export function logoutPage(page: LogoutPage): Html {
  const { messages } = page.language ?? english
  return layout(
    page,
    fillText(messages.signOutOf, { product: page.productName }),
    html`<h1>${fill(messages.signOutOf, { product: isolated(page.productName) })}</h1>
      ${
        page.clientName !== undefined &&
        html`<p class="clamp">${fill(messages.asksToSignOut, { client: isolated(page.clientName) })}</p>`
      }
      <p class="muted">
        ${fill(messages.signedInAs, { user: html`<strong><bdi>${page.userName}</bdi></strong>` })}
      </p>
      <form id="logout" method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <div class="actions">
          <button type="submit" name="decision" value="stay">${messages.staySignedIn}</button>
          <button class="primary" type="submit" name="decision" value="sign-out">${messages.signOut}</button>
        </div>
      </form>`,
  )
}

/** What the page after the logout shows. */
export interface SignedOutPage extends Branding {
  /** Whether the user chose to stay. @default false */
  readonly stayed?: boolean | undefined
}

/** The page after the logout, where no client waits for the user. */
export function signedOutPage(page: SignedOutPage): Html {
  const { messages } = page.language ?? english
  const title = page.stayed === true ? messages.stillSignedIn : messages.signedOut
  return layout(
    page,
    title,
    html`<div role="status">
      <h1>${title}</h1>
      <p>${messages.signedOutText}</p>
    </div>`,
  )
}
