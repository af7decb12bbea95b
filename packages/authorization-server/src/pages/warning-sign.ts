import { html } from './html.ts'

/** A triangle with an exclamation mark, in the color of the text beside it. Says nothing that the text does not say. */
export const warningSign = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M12 3.5 22 20.5H2Z" />
  <path d="M12 10v4.5M12 17.4v.1" />
</svg>`
