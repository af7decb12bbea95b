import { html, trusted } from './html.ts'
import type { Html } from './html.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'
import { warningSign } from './warning-sign.ts'

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
  const failed = page.error !== undefined
  // The reason is a part of both fields' descriptions, so that it is read out wherever the focus lands.
  const failure = failed && trusted(' aria-invalid="true" aria-describedby="login-error"')
  const focus = trusted(' autofocus')
  return layout(
    page,
    failed ? 'Error: Sign in' : 'Sign in',
    html`<h1>Sign in to <bdi>${page.productName}</bdi></h1>
      ${
        page.clientName !== page.productName &&
        html`<p class="muted clamp">to continue to <bdi>${page.clientName}</bdi></p>`
      }
      ${
        failed &&
        html`<div class="notice error" role="alert">
          ${warningSign}
          <div id="login-error">${page.error}</div>
        </div>`
      }
      <form id="login" method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <div class="field">
          <label for="username">User name</label>
          <input
            id="username"
            type="text"
            name="username"
            value="${page.username}"
            autocomplete="username"
            autocapitalize="none"
            autocorrect="off"
            spellcheck="false"
            dir="auto"
            required${failure}${page.username === '' && focus}
          />
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input
            id="password"
            type="password"
            name="password"
            autocomplete="current-password"
            required${failure}${page.username !== '' && focus}
          />
        </div>
        <div class="actions"><button class="primary" type="submit">Sign in</button></div>
      </form>`,
  )
}
