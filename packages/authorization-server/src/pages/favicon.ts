import { escapeHtml } from './html.ts'

/**
 * The sign of a product as a data URL for the tab of the browser. Without one, a browser would ask the server for
 * `/favicon.ico`, and most servers have none.
 */
export function favicon(letter: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#41506b"/><text x="16" y="23" font-family="sans-serif" font-size="20" font-weight="700" text-anchor="middle" fill="#fff">${escapeHtml(letter)}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
