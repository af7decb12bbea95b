import { stylesOf, toMarkup } from './html.ts'
import type { Html } from './html.ts'

const known = new Map<string, Promise<string>>()

/**
 * Sends a page that no script, frame or outside resource can touch.
 *
 * @param script the text of the one script that may run, named by its hash so that nothing in a field could become another
 * There is no `form-action`: Chromium applies it to the whole chain of redirects after a form was posted, which would
 * stop the browser on its way back to the client.
 */
export async function pageResponse(page: Html, status = 200, script?: string): Promise<Response> {
  const styles = await Promise.all(stylesOf(page).map((text) => sourceOf(text)))
  const scripts = script === undefined ? '' : ` script-src ${await sourceOf(script)};`
  return new Response(`<!doctype html>\n${toMarkup(page)}`, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src ${styles.join(' ') || "'none'"};${scripts} img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  })
}

/** A hash source of the content security policy: allows a style or script element with exactly this text. */
function sourceOf(text: string): Promise<string> {
  const source = known.get(text) ?? computeSource(text)
  // The texts are few: a stylesheet, a theme, a script. Whoever makes themes by the request must not fill the memory.
  if (known.size >= 100) known.clear()
  known.set(text, source)
  return source
}

async function computeSource(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`
}
