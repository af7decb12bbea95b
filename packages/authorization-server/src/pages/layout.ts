import { html, trusted } from './html.ts'
import type { Html } from './html.ts'
import { stylesheet } from './stylesheet.ts'

/** What all pages show around their content. */
export interface Branding {
  /** Name of the integrator's product, at the top of every page. */
  readonly productName: string
  /** Whether the content needs the width of a text page. @default false */
  readonly wide?: boolean
}

/** The frame of every page. */
export function layout(branding: Branding, title: string, content: Html): Html {
  return html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>${title} · ${branding.productName}</title>
      ${styleElement}
    </head>
    <body>
      <main class="${branding.wide === true ? 'wide' : ''}">
        <p class="product">${branding.productName}</p>
        ${content}
      </main>
    </body>
  </html>`
}

// The content security policy names the hash of exactly this text.
const styleElement = trusted(`<style>${stylesheet}</style>`)
