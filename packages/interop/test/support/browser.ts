/** Who sits at the browser, and what they do on the consent page. */
export interface Person {
  /** @default 'alice' */
  readonly name?: string
  /** @default `<name>-pw`, as the target has it */
  readonly password?: string
  /** Of the scopes that the consent page offers, those to allow; `false` presses "Deny". @default all */
  readonly allow?: (offered: readonly string[]) => readonly string[] | false
}

/** A page that was shown on the way. */
export interface ShownPage {
  readonly kind: 'login' | 'consent' | 'device'
  readonly html: string
  /** The scopes with a checkbox. */
  readonly scopes: readonly string[]
}

/** A browser without a window: cookies, redirects on the server's origin, forms. It runs no scripts. */
export interface Browser {
  /** Every page with a form that this browser has shown, oldest first. */
  readonly shown: readonly ShownPage[]
  /** Opens an authorization URL and does what the person does; resolves to the URL that leaves the server. */
  authorize(url: string | URL, person?: Person): Promise<URL>
  /** Opens the page of a device's code, confirms the code and answers; resolves to the last page. */
  connectDevice(url: string | URL, person?: Person): Promise<string>
}

/** Starts a browser with an empty cookie jar, and with what carries its requests. */
export function createBrowser(fetch: typeof globalThis.fetch = globalThis.fetch): Browser {
  const cookies = new Map<string, string>()
  const shown: ShownPage[] = []

  async function open(url: URL, form?: URLSearchParams): Promise<{ html: string; left?: URL }> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      ...(form === undefined ? {} : { method: 'POST', body: form }),
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) },
      redirect: 'manual',
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    const html = await response.text()
    const location = response.headers.get('location')
    if (location === null) return { html }
    const next = new URL(location, url)
    return next.origin === url.origin ? open(next) : { html: '', left: next }
  }

  /** Fills in whatever forms are shown on the way. */
  async function go(start: string | URL, person: Person): Promise<{ html: string; left?: URL }> {
    const { name = 'alice', password = `${name}-pw`, allow = (offered) => offered } = person
    const url = new URL(start)
    let page = await open(url)
    const login = readForm(page.html, 'login')
    if (login !== undefined) {
      shown.push({ kind: 'login', html: page.html, scopes: [] })
      login.fields.set('username', name)
      login.fields.set('password', password)
      page = await open(new URL(login.action, url), login.fields)
    }
    const device = readForm(page.html, 'device')
    if (device !== undefined) {
      shown.push({ kind: 'device', html: page.html, scopes: [] })
      page = await open(new URL(device.action, url), device.fields)
    }
    const consent = readForm(page.html, 'consent')
    if (consent !== undefined) {
      const offered = consent.fields.getAll('scope')
      shown.push({ kind: 'consent', html: page.html, scopes: offered })
      consent.fields.delete('scope')
      const ticked = allow(offered)
      for (const scope of ticked || offered) consent.fields.append('scope', scope)
      consent.fields.set('decision', ticked === false ? 'deny' : 'approve')
      page = await open(new URL(consent.action, url), consent.fields)
    }
    return page
  }

  return {
    shown,
    async authorize(start, person = {}) {
      const { html, left } = await go(start, person)
      if (left === undefined) throw new Error(`the browser stays on this page:\n${html}`)
      return left
    },
    connectDevice: async (start, person = {}) => (await go(start, person)).html,
  }
}

/** The fields of a form as it would be submitted, without its buttons. */
function readForm(html: string, id: string): { action: string; fields: URLSearchParams } | undefined {
  const [, action, content = ''] =
    new RegExp(`<form id="${id}"[^>]*action="([^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(html) ?? []
  if (action === undefined) return undefined
  const fields = new URLSearchParams()
  for (const [input] of content.matchAll(/<input[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(input)?.[1]
    const name = attribute('name')
    if (name === undefined || (attribute('type') === 'checkbox' && !/\schecked\b/.test(input))) continue
    fields.append(name, decodeHtml(attribute('value') ?? ''))
  }
  return { action: decodeHtml(action), fields }
}

/** Turns the character references that the pages use back into text. */
export function decodeHtml(text: string): string {
  const characters: Readonly<Record<string, string>> = { quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' }
  return text.replaceAll(/&(quot|#39|lt|gt|amp);/g, (_, name: string) => characters[name] ?? '')
}
