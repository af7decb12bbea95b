import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type OAuthClientProvider,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client'

/** What Claude Code registers with `--client-id claude-public --callback-port 29352`. */
const redirectUrl = 'http://localhost:29352/callback'

/** Fills in the pages of the authorization server like a user, up to the redirect that leaves it. */
async function browse(url: URL, scopes: readonly string[]): Promise<URL> {
  const cookies = new Map<string, string>()
  async function open(target: URL, form?: URLSearchParams): Promise<URL | string> {
    const headers = { accept: 'text/html', cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }
    const init: RequestInit = form === undefined ? {} : { method: 'POST', body: form }
    const response = await fetch(target, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) return response.text()
    const next = new URL(location, target)
    return next.origin === target.origin ? open(next) : next
  }
  let page = await open(url)
  for (let step = 0; typeof page === 'string' && step < 3; step++) {
    const [, id = '', action = '', content = ''] =
      /<form id="(\w+)"[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page) ?? []
    const fields = new URLSearchParams()
    for (const [input] of content.matchAll(/<input[^>]*>/g)) {
      const [, name = ''] = /name="([^"]*)"/.exec(input) ?? []
      const [, value = ''] = /value="([^"]*)"/.exec(input) ?? []
      if (name !== 'scope' || scopes.includes(value)) fields.append(name, value)
    }
    if (id === 'login') {
      fields.set('username', 'alice')
      fields.set('password', 'alice-pw')
    } else fields.set('decision', 'approve')
    page = await open(new URL(action.replaceAll('&amp;', '&'), url), fields)
  }
  if (typeof page === 'string') throw new Error(`the browser got stuck on this page:\n${page}`)
  return page
}

/** Connects as Claude Code does: without a token first, then through the login, then with what it got. */
export async function connectClaude(url: string, scopes: readonly string[]) {
  let tokens: StoredOAuthTokens | undefined
  let verifier = ''
  let asked: URL | undefined
  let discovery: Parameters<NonNullable<OAuthClientProvider['saveDiscoveryState']>>[0] | undefined
  const provider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: {
      redirect_uris: [redirectUrl],
      token_endpoint_auth_method: 'none',
      scope: scopes.join(' '),
    },
    clientInformation: () => ({ client_id: 'claude-public' }),
    tokens: () => tokens,
    saveTokens: (saved) => void (tokens = saved),
    codeVerifier: () => verifier,
    saveCodeVerifier: (saved) => void (verifier = saved),
    discoveryState: () => discovery,
    saveDiscoveryState: (state) => void (discovery = state),
    redirectToAuthorization: (target) => void (asked = target),
  }
  const transport = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: provider })
  const client = () =>
    new Client({ name: 'claude-code', version: '2' }, { versionNegotiation: { mode: 'auto' } })
  const first = transport()
  const refused = await client()
    .connect(first)
    .then(
      () => undefined,
      (error: unknown) => error,
    )
  if (!(refused instanceof UnauthorizedError) || asked === undefined)
    throw refused ?? new Error('it let Claude in without a token')
  asked.searchParams.set('scope', scopes.join(' '))
  const back = await browse(asked, scopes)
  if (!back.href.startsWith(redirectUrl)) throw new Error(`sent back to ${back.href}`)
  await first.finishAuth(back.searchParams)
  const connected = client()
  await connected.connect(transport())
  return { client: connected, token: () => tokens?.access_token ?? '', asked }
}
