/** A browser without a window: it keeps cookies, follows redirects on the server's origin and submits forms. */
export interface HeadlessBrowser {
  /** Opens a URL, signs in and decides on the consent page; resolves to the redirect that leaves the server. */
  authorize(
    url: URL,
    user: { name: string; password: string },
    decide: (scopes: string[]) => string[],
  ): Promise<URL>
}

interface Page {
  readonly body: string
  readonly leftFor?: URL
}

/** Makes a browser that reports each step to `say`. */
export function createHeadlessBrowser(say: (line: string) => void): HeadlessBrowser {
  const cookies = new Map<string, string>()

  async function open(url: URL, form?: URLSearchParams): Promise<Page> {
    const headers = {
      accept: 'text/html',
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    }
    const init: RequestInit = form === undefined ? {} : { method: 'POST', body: form }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) return { body: await response.text() }
    const next = new URL(location, url)
    return next.origin === url.origin ? open(next) : { body: '', leftFor: next }
  }

  return {
    async authorize(url, user, decide) {
      let page = await open(url)
      const login = readForm(page.body, 'login')
      if (login !== undefined) {
        login.fields.set('username', user.name)
        login.fields.set('password', user.password)
        say(`Login page: signed in as ${user.name}`)
        page = await open(new URL(login.action, url), login.fields)
      }
      const consent = readForm(page.body, 'consent')
      if (consent !== undefined) {
        const offered = consent.fields.getAll('scope')
        const ticked = decide(offered)
        consent.fields.delete('scope')
        for (const scope of ticked) consent.fields.append('scope', scope)
        consent.fields.set('decision', 'approve')
        say(`Consent page: asked for ${offered.join(', ')}; allowed ${ticked.join(', ')}`)
        page = await open(new URL(consent.action, url), consent.fields)
      }
      if (page.leftFor === undefined) throw new Error(`the browser got stuck on this page:\n${page.body}`)
      const shown = new URL(page.leftFor)
      shown.searchParams.set('code', '…')
      say(`Sent back to ${decodeURIComponent(shown.href)}`)
      return page.leftFor
    },
  }
}

function readForm(page: string, id: string): { action: string; fields: URLSearchParams } | undefined {
  const [, action, content = ''] =
    new RegExp(`<form id="${id}"[^>]*action="([^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(page) ?? []
  if (action === undefined) return undefined
  const fields = new URLSearchParams()
  for (const [input] of content.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1]
    if (name !== undefined) fields.append(name, /value="([^"]*)"/.exec(input)?.[1] ?? '')
  }
  return { action: action.replaceAll('&amp;', '&'), fields }
}
