import type { Page } from 'playwright-core'

/** A text on a page with too little contrast, or the least contrast that there is. */
export interface TextContrast {
  readonly ratio: number
  readonly text: string
}

/** How far a page is wider than its window; nobody should have to scroll sideways. */
export const surplusWidth = (page: Page): Promise<number> =>
  page.evaluate(() => (document.scrollingElement?.scrollWidth ?? 0) - innerWidth)

/** What has the focus, in words. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement
    if (element instanceof HTMLInputElement && element.type === 'checkbox') return `checkbox ${element.value}`
    if (element instanceof HTMLInputElement) return `field ${element.name}`
    if (element instanceof HTMLButtonElement) return `button ${element.value}`
    return element?.localName ?? 'nothing'
  })

/** The width of the outline around what has the focus, in pixels. */
export const focusOutline = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body)
    return outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth)
  })

/** The text with the least contrast on a page, from the colors that the browser computed. */
export const leastContrast = (page: Page): Promise<TextContrast> =>
  page.evaluate(() => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = channels(color)
        .slice(0, 3)
        .map((channel) => channel / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const groundOf = (element: Element | null): string => {
      if (element === null) throw new Error('nothing is painted behind a text')
      const { backgroundColor } = getComputedStyle(element)
      return channels(backgroundColor)[3] === 0 ? groundOf(element.parentElement) : backgroundColor
    }
    let least = { ratio: 21, text: '' }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim() ?? ''
      const element = walker.currentNode.parentElement
      if (text === '' || element === null) continue
      const [one, other] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))]
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
      if (ratio < least.ratio) least = { ratio, text }
    }
    return least
  })
