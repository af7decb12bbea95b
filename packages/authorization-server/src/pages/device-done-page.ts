import { fill, isolated } from './fill.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'

/** What the page shows after the user answered a device, or a request that was started elsewhere. */
export interface DeviceDonePage extends Branding {
  readonly approved: boolean
  readonly clientName: string
  /** Whether it was a device. @default true */
  readonly device?: boolean | undefined
  /** Whether there is an account page where the user can end the access. @default true */
  readonly disconnectable?: boolean | undefined
}

/** The page that sends the user back to where the request was started. */
export function deviceDonePage(page: DeviceDonePage): Html {
  const { messages } = page.language ?? english
  const { approved, device = true, disconnectable = true } = page
  const title = device
    ? messages[approved ? 'deviceConnected' : 'deviceDenied']
    : messages[approved ? 'requestApproved' : 'requestDenied']
  const text = approved ? messages.deviceConnectedText : messages.deviceDeniedText
  return layout(
    page,
    title,
    html`<div role="status">
      <h1>${title}</h1>
      <p>${fill(text, { client: isolated(page.clientName) })}</p>
      ${
        approved &&
        disconnectable &&
        html`<p class="muted">${fill(messages.deviceEndHint, { product: isolated(page.productName) })}</p>`
      }
    </div>`,
  )
}
