import { html } from './html.ts'
import type { Html } from './html.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'

/** What the login page shows. */
export interface LoginPage extends Branding {
  /** The client that the user is on the way to. */
  readonly clientName: string
  readonly action: string
  readonly csrf: string
  /** What was typed before, or what the client hinted. */
  readonly username: string
  /** Why the last attempt failed. */
  readonly error?: string | undefined
}

/** The page that asks for a user name and a password. */
export function loginPage(page: LoginPage): Html {
  return layout(
    page,
    'Sign in',
    html`<h1>Sign in</h1>
      <p class="muted">to continue to ${page.clientName}</p>
      ${page.error !== undefined && html`<p class="error" role="alert">${page.error}</p>`}
      <form id="login" method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <label>
          User name
          <input
            type="text"
            name="username"
            value="${page.username}"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required
            autofocus
          />
        </label>
        <label>
          Password
          <input type="password" name="password" autocomplete="current-password" required />
        </label>
        <div class="actions"><button class="primary" type="submit">Sign in</button></div>
      </form>`,
  )
}
