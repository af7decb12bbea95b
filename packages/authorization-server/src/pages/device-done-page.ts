import { fill, isolated } from './fill.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import { layout } from './layout.ts'
import type { Branding } from './layout.ts'

/** What the page shows after the user answered a device. */
export interface DeviceDonePage extends Branding {
  readonly approved: boolean
  readonly clientName: string
}

/** The page that sends the user back to the device. */
export function deviceDonePage(page: DeviceDonePage): Html {
  const { messages } = page.language ?? english
  const { approved } = page
  const title = approved ? messages.deviceConnected : messages.deviceDenied
  const text = approved ? messages.deviceConnectedText : messages.deviceDeniedText
  return layout(
    page,
    title,
    html`<div role="status">
      <h1>${title}</h1>
      <p>${fill(text, { client: isolated(page.clientName) })}</p>
      ${
        approved &&
        html`<p class="muted">${fill(messages.deviceEndHint, { product: isolated(page.productName) })}</p>`
      }
    </div>`,
  )
}
