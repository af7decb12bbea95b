import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'

/** oidc-provider as somebody runs it: clients register themselves, any user may log in, tokens are for the resource that is named. */
export async function startExistingServer() {
  const http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const scope = 'read:orders write:orders'
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'key', alg: 'ES256', use: 'sig' }] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: ['openid', 'offline_access', ...scope.split(' ')],
    cookies: { keys: ['a key of the test'] },
    features: {
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, audience) => ({
          audience,
          scope,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  const answer = provider.callback()
  http.on('request', (request, response) => void answer(request, response))
  return {
    issuer,
    close: () => {
      http.close()
      http.closeAllConnections()
    },
  }
}

/** Goes through its pages as a user who logs in and allows everything; resolves to the URL that leaves it. */
export async function signIn(start: URL, username: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let [url, form]: [URL, URLSearchParams | undefined] = [start, undefined]
  for (let step = 0; step < 20; step++) {
    const response: Response = await fetch(url, {
      ...(form === undefined ? {} : { method: 'POST', body: form }),
      headers: { accept: 'text/html', cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      redirect: 'manual',
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const page = await response.text()
    const location = response.headers.get('location')
    form = undefined
    if (location !== null) {
      url = new URL(location, url)
      if (url.origin !== start.origin) return url
      continue
    }
    const [, action] = /<form[^>]*action="([^"]*)"/.exec(page) ?? []
    const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? []
    if (action === undefined || prompt === undefined) throw new Error(`no form at ${url.href}:\n${page}`)
    form = new URLSearchParams({ prompt, login: username, password: 'any' })
    url = new URL(action, url)
  }
  throw new Error('the sign-in goes round in circles')
}
