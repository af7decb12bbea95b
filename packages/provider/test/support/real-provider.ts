import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import type { ClientMetadata, Configuration } from 'oidc-provider'

export const callback = 'https://auth.example.com/callback/real'

/** A real provider that listens, with one client and its own login pages for development. */
export async function realProvider(client: Partial<ClientMetadata>, configuration: Configuration = {}) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'gatewright',
        client_secret: 'a-secret+with:odd%characters',
        redirect_uris: [callback],
        grant_types: ['authorization_code', 'refresh_token'],
        ...client,
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        name: 'Alice Real',
        preferred_username: accountId,
        email: `${accountId}@example.com`,
        email_verified: true,
      }),
    }),
    issueRefreshToken: async () => true,
    ...configuration,
  })
  const answer = provider.callback()
  server.on('request', (request, response) => void answer(request, response))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { issuer, close }
}

/**
 * Goes through its pages as a person would, up to where it sends the browser back: logs in, or agrees to be logged out.
 *
 * @param cookies what the browser has from the provider
 */
export async function logInThere(
  startUrl: string,
  user: string,
  { back = callback, cookies = new Map<string, string>() } = {},
): Promise<URL> {
  let request = new Request(startUrl)
  for (let step = 0; step < 20; step++) {
    request.headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const { url } = request
    const response = await fetch(request, { redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const location = response.headers.get('location')
    if (location?.startsWith(back) === true) return new URL(location)
    if (location !== null) {
      request = new Request(new URL(location, url))
      continue
    }
    const page = await response.text()
    const action = /<form[^>]*action="([^"]*)"/.exec(page)?.[1]
    const xsrf = /name="xsrf" value="(\w+)"/.exec(page)?.[1]
    if (action !== undefined && xsrf !== undefined) {
      const body = new URLSearchParams({ xsrf, logout: 'yes' })
      request = new Request(new URL(action, url), { method: 'POST', body })
      continue
    }
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    if (action === undefined || prompt === undefined)
      throw new Error(`${response.status} ${page.slice(0, 2000)}`)
    const body = new URLSearchParams({
      prompt,
      ...(prompt === 'login' ? { login: user, password: 'any' } : {}),
    })
    request = new Request(new URL(action, url), { method: 'POST', body })
  }
  throw new Error('the provider never sent the browser back')
}
