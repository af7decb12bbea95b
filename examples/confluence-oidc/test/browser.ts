import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'

/** Where a chain of redirects ended. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly body: string
}

/** A browser without scripts: it keeps cookies by host, follows redirects, and submits forms. */
export function createBrowser() {
  const cookies = new Map<string, string>()

  async function send(url: string, form?: URLSearchParams, redirects = 0): Promise<Page> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { headers, status, body } = await exchange(url, cookie, form)
    for (const line of headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';')
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const { location } = headers
    if (location === undefined || redirects === 20) return { url, status, body }
    return send(new URL(location, url).href, undefined, redirects + 1)
  }

  return {
    open: (url: string) => send(url),
    /** Submits a form of a page with some fields set. */
    submit(page: Page, id: string, values: Readonly<Record<string, string>>) {
      const [, action = '', content = ''] =
        new RegExp(`<form id="${id}"[^>]*action="([^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(page.body) ?? []
      if (action === '')
        throw new Error(`${page.url} (${page.status}) has no form "${id}": ${page.body.slice(-800)}`)
      const fields = new URLSearchParams()
      for (const [input] of content.matchAll(/<input[^>]*>/g)) {
        const [, name = ''] = /name="([^"]*)"/.exec(input) ?? []
        const [, value = ''] = /value="([^"]*)"/.exec(input) ?? []
        fields.append(name, value)
      }
      for (const [name, value] of Object.entries(values)) fields.set(name, value)
      return send(action.replaceAll('&amp;', '&'), fields)
    },
  }
}

export type Browser = ReturnType<typeof createBrowser>

/** One request as a browser makes it when it navigates. `fetch` says of itself that it is a script, and gets no redirect to a login. */
function exchange(url: string, cookie: string, form: URLSearchParams | undefined) {
  return new Promise<{ headers: IncomingHttpHeaders; status: number; body: string }>((resolve, reject) => {
    const headers = {
      accept: 'text/html',
      cookie,
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    }
    const sent = request(url, { method: form === undefined ? 'GET' : 'POST', headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ headers: response.headers, status: response.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end(form?.toString())
  })
}
