import type { LoginFailure, ProviderChoice } from '@gatewright/core'
import { fill, fillText, isolated } from './fill.ts'
import { html, trusted } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import type { Messages } from './languages/language.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'
import { providerChoices } from './provider-choices.ts'
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
  readonly failure?: LoginFailure | undefined
  /** Whether to ask for a user name and a password. @default true */
  readonly password?: boolean | undefined
  /** Other ways to sign in. @default none */
  readonly providers?: readonly ProviderChoice[] | undefined
}

/** The page that asks for a user name and a password, or for a provider that knows the user. */
export function loginPage(page: LoginPage): Html {
  const { failure, password = true, providers = [] } = page
  const { messages } = page.language ?? english
  return layout(
    page,
    failure === undefined ? messages.signIn : fillText(messages.errorTitle, { title: messages.signIn }),
    html`<h1>${fill(messages.signInTo, { product: isolated(page.productName) })}</h1>
      ${
        page.clientName !== page.productName &&
        html`<p class="muted clamp">${fill(messages.continueTo, { client: isolated(page.clientName) })}</p>`
      }
      ${
        failure !== undefined &&
        html`<div class="notice error" role="alert">
          ${warningSign}
          <div id="login-error">${messages[failure]}</div>
        </div>`
      }
      ${password && passwordForm(page, messages)}
      ${password && providers.length > 0 && html`<p class="or"><span>${messages.or}</span></p>`}
      ${providers.length > 0 && providerChoices(providers, page, messages)}`,
  )
}

function passwordForm({ action, csrf, username, failure }: LoginPage, messages: Messages): Html {
  // The reason is a part of both fields' descriptions, so that it is read out wherever the focus lands.
  const invalid =
    failure === 'wrong_password' && trusted(' aria-invalid="true" aria-describedby="login-error"')
  const focus = trusted(' autofocus')
  return html`<form id="login" method="post" action="${action}">
    <input type="hidden" name="csrf" value="${csrf}" />
    <div class="field">
      <label for="username">${messages.userName}</label>
      <input
        id="username"
        type="text"
        name="username"
        value="${username}"
        autocomplete="username"
        autocapitalize="none"
        autocorrect="off"
        spellcheck="false"
        dir="auto"
        required${invalid}${username === '' && focus}
      />
    </div>
    <div class="field">
      <label for="password">${messages.password}</label>
      <input
        id="password"
        type="password"
        name="password"
        autocomplete="current-password"
        required${invalid}${username !== '' && focus}
      />
    </div>
    <div class="actions"><button class="primary" type="submit">${messages.signIn}</button></div>
  </form>`
}
