import type { RequestHandler } from '@gatewright/core'

/** What one navigation ended in: a page here, or a redirect to somewhere else. */
export interface Landing {
  readonly response: Response
  readonly body: string
  readonly location: URL | undefined
}

/** A browser with a cookie jar that follows redirects as long as they stay on the server. */
export function createBrowser(handler: RequestHandler) {
  const cookies = new Map<string, string>()

  async function send(url: string, init: RequestInit = {}): Promise<Landing> {
    const headers = new Headers(init.headers)
    headers.set('accept', 'text/html')
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const request = new Request(url, { ...init, headers, redirect: 'manual' })
    const response =
      (await handler.handle(request, { ip: '192.0.2.1' })) ?? new Response(null, { status: 404 })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const location = response.headers.get('location')
    if (location === null) return { response, body: await response.text(), location: undefined }
    if (location.startsWith(`${handler.origin}/`)) return send(location)
    return { response, body: '', location: new URL(location) }
  }

  /** Submits the form of a page with everything that it holds. */
  async function submit(
    page: string,
    id: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Landing> {
    const [, action = '', content = ''] =
      new RegExp(`<form id="${id}"[^>]*action="([^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(page) ?? []
    if (action === '') throw new Error(`there is no form "${id}" on the page: ${page.slice(-1500)}`)
    const form = new URLSearchParams()
    for (const [input] of content.matchAll(/<input[^>]*>/g)) {
      const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? ''
      form.append(attribute('name'), attribute('value'))
    }
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return send(action.replaceAll('&amp;', '&'), { method: 'POST', body: form.toString(), headers })
  }

  return { cookies, send, submit }
}

export type Browser = ReturnType<typeof createBrowser>
