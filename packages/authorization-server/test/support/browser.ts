import type { RequestHandler } from '@gatewright/core'

/** A form on a page, as a browser would submit it. */
export interface Form {
  readonly action: string
  readonly fields: URLSearchParams
}

/** What one navigation ended in: a page here, or a redirect to somewhere else. */
export interface Landing {
  readonly response: Response
  readonly body: string
  /** Where the browser was sent when that is not this server any more. */
  readonly location: URL | undefined
}

/** A browser with a cookie jar that follows redirects as long as they stay on the server. */
export function createBrowser(handler: RequestHandler, context: { ip?: string } = { ip: '192.0.2.1' }) {
  const cookies = new Map<string, string>()

  async function send(url: string, init: RequestInit = {}): Promise<Landing> {
    const headers = new Headers(init.headers)
    headers.set('accept', headers.get('accept') ?? 'text/html')
    if (cookies.size > 0)
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const request = new Request(url, { ...init, headers, redirect: 'manual' })
    const response = (await handler.handle(request, context)) ?? new Response('not found', { status: 404 })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const location = response.headers.get('location')
    if (location === null) return { response, body: await response.text(), location: undefined }
    // The authorization endpoint is on the server, a redirect URI never is.
    if (location.startsWith(`${handler.origin}/`)) return send(location)
    return { response, body: '', location: new URL(location) }
  }

  return {
    handler,
    cookies,
    send,
    submit: (form: Form) =>
      send(form.action, {
        method: 'POST',
        body: form.fields.toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
  }
}

/** Reads the form of a page; ticked checkboxes and hidden fields are taken over, buttons are not. */
export function formOf(page: string, id: string): Form {
  const [, action = '', content = ''] =
    new RegExp(`<form id="${id}"[^>]*action="([^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(page) ?? []
  if (action === '') throw new Error(`there is no form "${id}" on the page: ${page.slice(0, 2000)}`)
  const fields = new URLSearchParams()
  for (const [input] of content.matchAll(/<input[^>]*>/g)) {
    const attribute = (name: string) => unescape(new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? '')
    if (attribute('type') === 'checkbox' && !/\schecked/.test(input)) continue
    if (attribute('name') !== '') fields.append(attribute('name'), attribute('value'))
  }
  return { action: unescape(action), fields }
}

function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
