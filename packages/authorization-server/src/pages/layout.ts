import { favicon } from './favicon.ts'
import { html, trusted, withStyles } from './html.ts'
import type { Html } from './html.ts'
import { english } from './languages/english.ts'
import type { Language } from './languages/language.ts'
import { stylesheet } from './stylesheet.ts'
import { themeStyle } from './theme.ts'
import type { Theme } from './theme.ts'

/** What all pages show around their content. */
export interface Branding {
  /** Name of the integrator's product, at the top of every page. */
  readonly productName: string
  /** Whether the content needs the width of a text page. @default false */
  readonly wide?: boolean
  /** Colors, fonts and radius. @default those of the stylesheet */
  readonly theme?: Theme | undefined
  /** The language of the page. @default English */
  readonly language?: Language | undefined
}

/**
 * The frame of every page.
 *
 * @throws {TypeError} when the theme is not made of custom properties with plain values
 */
export function layout(branding: Branding, title: string, content: Html): Html {
  const { productName, wide, theme, language = english } = branding
  const styles = [stylesheet, theme === undefined ? '' : themeStyle(theme)].filter((text) => text !== '')
  // The first letter stands for a product whose logo is not known here.
  const letter = /[\p{L}\p{N}]/u.exec(productName)?.[0].toUpperCase() ?? ''
  const page = html`<html lang="${language.tag}">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>${title} · ${productName}</title>
      <link rel="icon" href="${favicon(letter)}" />
      ${styles.map((style) => styleElement(style))}
    </head>
    <body>
      <main${wide === true && trusted(' class="wide"')}>
        <p class="product">
          ${letter !== '' && html`<span class="mark" aria-hidden="true">${letter}</span>`}
          <bdi>${productName}</bdi>
        </p>
        ${content}
      </main>
    </body>
  </html>`
  return withStyles(page, styles)
}

// The content security policy names the hash of exactly the text inside.
const styleElement = (text: string) => trusted(`<style>${text}</style>`)
