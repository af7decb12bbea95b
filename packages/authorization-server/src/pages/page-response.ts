import { styleOf, toMarkup } from './html.ts'
import type { Html } from './html.ts'
import { stylesheet } from './stylesheet.ts'

let stylesheetSource: Promise<string> | undefined

/**
 * Sends a page that no script, frame or outside resource can touch.
 *
 * @param script the text of the one script that may run, named by its hash so that nothing in a field could become another
 * There is no `form-action`: Chromium applies it to the whole chain of redirects after a form was posted, which would
 * stop the browser on its way back to the client.
 */
export async function pageResponse(page: Html, status = 200, script?: string): Promise<Response> {
  stylesheetSource ??= sourceOf(stylesheet)
  const theme = styleOf(page)
  const styles = await Promise.all([stylesheetSource, ...(theme === undefined ? [] : [sourceOf(theme)])])
  const scripts = script === undefined ? '' : ` script-src ${await sourceOf(script)};`
  return new Response(`<!doctype html>\n${toMarkup(page)}`, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src ${styles.join(' ')};${scripts} img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  })
}

/** A hash source of the content security policy: allows a style or script element with exactly this text. */
async function sourceOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`
}
