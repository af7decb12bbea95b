import { fill, fillText } from './fill.ts'
import { html, trusted } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'
import { warningSign } from './warning-sign.ts'

/** What the page shows on which a user enters the code of a device. */
export interface DeviceCodePage extends Branding {
  readonly userName: string
  /** What was typed before, or what the link brought. */
  readonly userCode: string
  /** Whether the code came with the link and was not typed. */
  readonly given?: boolean | undefined
  /** Why the last code was refused. */
  readonly failure?: 'unknown_code' | 'too_many_codes' | undefined
  readonly action: string
  readonly csrf: string
}

/** The page that asks for the code that a device shows. */
export function deviceCodePage(page: DeviceCodePage): Html {
  const { messages } = page.language ?? english
  const { failure } = page
  const failed = failure !== undefined
  const invalid = failed && trusted(' aria-invalid="true"')
  const describedBy = trusted(` aria-describedby="device-hint${failed ? ' device-error' : ''}"`)
  const focus = page.userCode === '' && trusted(' autofocus')
  return layout(
    page,
    failed ? fillText(messages.errorTitle, { title: messages.connectDevice }) : messages.connectDevice,
    html`<h1>${messages.connectDevice}</h1>
      <p class="muted">
        ${fill(messages.signedInAs, { user: html`<strong><bdi>${page.userName}</bdi></strong>` })}
      </p>
      ${
        failed &&
        html`<div class="notice error" role="alert">
          ${warningSign}
          <div id="device-error">${messages[failure]}</div>
        </div>`
      }
      ${
        page.given === true &&
        html`<div class="notice warn" role="note">
          ${warningSign}
          <div>
            <p><strong>${messages.compareTitle}</strong> ${messages.compareText}</p>
          </div>
        </div>`
      }
      <form id="device" method="post" action="${page.action}">
        <input type="hidden" name="csrf" value="${page.csrf}" />
        <div class="field">
          <label for="user_code">${messages.deviceCode}</label>
          <input
            id="user_code"
            class="code"
            type="text"
            name="user_code"
            value="${page.userCode}"
            autocomplete="off"
            autocapitalize="characters"
            autocorrect="off"
            spellcheck="false"
            dir="ltr"
            required${invalid}${describedBy}${focus}
          />
          <p id="device-hint" class="muted">${messages.deviceCodeHint}</p>
        </div>
        <div class="actions"><button class="primary" type="submit">${messages.continue}</button></div>
      </form>`,
  )
}
