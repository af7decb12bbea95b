// UP: a whole authorization server in front of a provider that behaves badly
import { describe, expect, it } from 'vitest'
import { linkAccounts } from '@gatewright/provider'
import { createBrowser } from './support/browser.ts'
import { connectCustom, connectOidc } from './support/connect.ts'
import { claimsOf, issuer, leave, redeem, redirectUri, wholeServer } from './support/whole-server.ts'
import type { WholeServer } from './support/whole-server.ts'

const codes = ({ events }: Pick<WholeServer, 'events'>) =>
  events.filter(({ type }) => type === 'authorization_code.issued')
const logins = ({ events }: Pick<WholeServer, 'events'>) =>
  events.filter(({ type }) => type === 'login.succeeded')

/** Logs in, and expects the client to be told of a failure and nobody to be signed in. */
async function expectRefused(
  connection: ReturnType<typeof connectOidc>,
  error: string | RegExp = /^(server_error|temporarily_unavailable)$/,
) {
  const test = wholeServer([connection.provider], {}, connection.clock)
  const { url } = await leave(test.browser, connection.provider.id)
  const landing = await test.browser.send(connection.up.login(url).href)
  expect(landing.location?.href.split('?')[0]).toBe(redirectUri)
  expect(landing.location?.searchParams.get('error')).toMatch(error)
  expect(landing.location?.searchParams.get('state')).toBe('state-1')
  expect(landing.location?.searchParams.has('code')).toBe(false)
  expect(codes(test)).toEqual([])
  expect(logins(test)).toEqual([])
  // The next login works: nothing of the bad one is left.
  connection.up.behave({})
  const again = await leave(test.browser, connection.provider.id)
  const fine = await test.browser.send(connection.up.login(again.url).href)
  return { test, landing, fine }
}

describe('a login at a provider', () => {
  it('gives the client a token of the user', async () => {
    const { up, provider, clock } = connectOidc()
    const test = wholeServer([provider], { onLogin: async ({ subject }) => `local-${subject}` }, clock)
    const { url, verifier } = await leave(test.browser, 'up')
    const { json } = await redeem(test, await test.browser.send(up.login(url).href), verifier)
    expect(claimsOf(json.access_token).sub).toBe('local-up-alice')
  })

  it('UP-01 no token request reaches the provider for a state that is not the one', async () => {
    const { up, provider, clock } = connectOidc()
    const test = wholeServer([provider], {}, clock)
    const back = up.login((await leave(test.browser, 'up')).url)
    for (const state of ['', 'x', `${back.searchParams.get('state')}x`]) {
      const url = new URL(back)
      url.searchParams.set('state', state)
      expect((await test.browser.send(url.href)).response.status).toBe(400)
    }
    expect(up.requests.filter(({ url }) => url.pathname === '/token')).toEqual([])
    expect((await test.browser.send(back.href)).location?.searchParams.get('code')).toBeTruthy()
  })

  it('UP-03 a callback in another browser reaches nobody', async () => {
    const { up, provider, clock } = connectOidc()
    const test = wholeServer([provider], {}, clock)
    const back = up.login((await leave(test.browser, 'up')).url)
    expect((await createBrowser(test.server).send(back.href)).response.status).toBe(400)
    expect(up.requests.filter(({ url }) => url.pathname === '/token')).toEqual([])
  })

  it('UP-06 sends S256, a nonce and a state of 256 bits, fresh for each login, and the redirect URI of the configuration', async () => {
    const { provider, clock } = connectOidc()
    const { browser } = wholeServer([provider], {}, clock)
    const first = new URL((await leave(browser, 'up')).url).searchParams
    const second = new URL((await leave(browser, 'up')).url).searchParams
    expect([...first.keys()].toSorted()).toEqual([
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'nonce',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
    ])
    expect(first.get('redirect_uri')).toBe(`${issuer}/callback/up`)
    expect(first.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.get(name), name).toMatch(/^[\w-]{43}$/)
      expect(first.get(name), name).not.toBe(second.get(name))
    }
  })

  const idTokens: Readonly<Record<string, Parameters<ReturnType<typeof connectOidc>['up']['behave']>[0]>> = {
    'a wrong nonce': claims({ nonce: 'another' }),
    'no nonce': claims({ nonce: undefined }),
    'another audience': claims({ aud: 'another' }),
    'several audiences and no azp': claims({ aud: ['client', 'another'] }),
    'several audiences and a wrong azp': claims({ aud: ['client', 'another'], azp: 'another' }),
    'a wrong azp beside the one audience': claims({ azp: 'another' }),
    'another issuer': claims({ iss: 'https://evil.example' }),
    'the issuer with a slash': claims({ iss: 'https://up.example.net/' }),
    'an expiry that has passed': claims({ exp: 1 }),
    'no expiry': claims({ exp: undefined }),
    'an issue ten minutes ahead': claims({ iat: Math.floor(Date.now() / 1000) + 600 }),
    'no issue time': claims({ iat: undefined }),
    'no subject': claims({ sub: undefined }),
    'an empty subject': claims({ sub: '' }),
    'the hash of another access token': claims({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    'no signature': header({ alg: 'none' }),
    'a signature with the client secret': header({ alg: 'HS256' }),
    'a key that nobody knows': header({ kid: 'unknown' }),
    'a broken signature': { signedIdToken: (jwt) => `${jwt.slice(0, -8)}AAAAAAAA` },
    'claims that were exchanged': { signedIdToken: exchangeClaims },
    'nothing that is a JWT': { signedIdToken: () => 'not a jwt' },
    'five parts': { signedIdToken: (jwt) => `${jwt}.x.y` },
    'no ID token at all': { token: (body) => ({ ...body, id_token: undefined }) },
  }
  for (const [name, behavior] of Object.entries(idTokens))
    it(`UP-08 an ID token with ${name} signs nobody in`, async () => {
      const connection = connectOidc()
      connection.up.behave(behavior)
      const { fine } = await expectRefused(connection)
      expect(fine.location?.searchParams.get('code')).toBeTruthy()
    })

  it('UP-09 userinfo of another user than the ID token signs nobody in', async () => {
    for (const sub of ['up-bob', undefined, 7]) {
      const connection = connectOidc()
      connection.up.behave({ userinfo: (claimed) => ({ ...claimed, sub }) })
      await expectRefused(connection)
    }
  })

  it('UP-11 one e-mail address at two providers makes two users', async () => {
    const [a, b] = [connectOidc({ id: 'a' }), connectOidc({ id: 'b' }, { issuer: 'https://b.example.net' })]
    const test = wholeServer([a.provider, b.provider])
    for (const { up, provider } of [a, b]) {
      const { url } = await leave(createBrowserOf(test), provider.id)
      await test.browser.send(up.login(url).href)
    }
    expect(new Set(logins(test).map(({ subject }) => subject)).size).toBe(2)
  })

  it('UP-11 one verified e-mail address at two providers makes two users, where nothing else was asked for', async () => {
    const [a, b] = [connectOidc({ id: 'a' }), connectOidc({ id: 'b' }, { issuer: 'https://b.example.net' })]
    const known = new Map<string, string>()
    const test = wholeServer([a.provider, b.provider], {
      onLogin: linkAccounts({
        find: async (key) => known.get(key),
        create: async (key) => (known.set(key, `user-${known.size}`), known.get(key)),
      }),
    })
    for (const { up, provider } of [a, b, a]) {
      const browser = createBrowserOf(test)
      const { url } = await leave(browser, provider.id)
      await browser.send(up.login(url).href)
    }
    expect(logins(test).map(({ subject }) => subject)).toEqual(['user-0', 'user-1', 'user-0'])
  })

  it('UP-11 one subject at two providers makes two users, also when one provider claims the name of the other', async () => {
    const [a, b] = [connectCustom({ id: 'a' }), connectCustom({ id: 'b' })]
    const test = wholeServer([a.provider, b.provider])
    for (const { up, provider } of [a, b]) {
      const { url } = await leave(createBrowserOf(test), provider.id)
      await test.browser.send(up.login(url).href)
    }
    expect(new Set(logins(test).map(({ subject }) => subject)).size).toBe(2)
  })

  type Body = Readonly<Record<string, unknown>>
  // Where it can, the answer has a token that works: only the check of the answer itself stands in its way.
  const tokenResponses: Readonly<Record<string, (body: Body) => Body | Response>> = {
    HTML: () => new Response('<!doctype html><form>access_token=x&token_type=y</form>'),
    'nothing at all': () => new Response(''),
    'truncated JSON': () => new Response('{"access_token":"abc","token_'),
    'an array': () => new Response('[{"access_token":"abc","token_type":"Bearer"}]'),
    null: () => new Response('null'),
    'an error with status 200': () => ({ error: 'invalid_grant', error_description: '<script>' }),
    'an error beside a token': (body) => ({ ...body, error: 'x' }),
    'no access token': () => ({ token_type: 'Bearer' }),
    'no token type': (body) => ({ ...body, token_type: undefined }),
    'a token type of its own': (body) => ({ ...body, token_type: 'mac' }),
    'an access token that is a number': () => ({ access_token: 7, token_type: 'Bearer' }),
    'an empty access token': () => ({ access_token: '', token_type: 'Bearer' }),
    'an expiry that is no number': (body) => ({ ...body, expires_in: 'soon' }),
    'a refresh token that is an object': (body) => ({ ...body, refresh_token: {} }),
    'a redirect': () => Response.redirect('https://169.254.169.254/latest', 302),
    'status 500': () => new Response('oops', { status: 500 }),
    'status 401': () => Response.json({ error: 'invalid_client' }, { status: 401 }),
  }
  for (const [name, token] of Object.entries(tokenResponses))
    it(`UP-16 a token response with ${name} is an error for the client, and the next login works`, async () => {
      const connection = connectCustom()
      connection.up.behave({ token })
      const { fine, landing } = await expectRefused(connection)
      expect(fine.location?.searchParams.get('code')).toBeTruthy()
      expect(landing.location?.href).not.toMatch(/%3Cscript|oops|169\.254/)
    })

  it('UP-20 an error of the provider is mapped, and its text goes nowhere', async () => {
    const { up, provider, clock } = connectOidc()
    const test = wholeServer([provider], {}, clock)
    for (const [error, told] of [
      ['access_denied', 'access_denied'],
      ['consent_required', 'access_denied'],
      ['temporarily_unavailable', 'temporarily_unavailable'],
      ['invalid_scope', 'server_error'],
      ['"><svg onload=x>', 'server_error'],
    ] as const) {
      up.behave({
        callback: (answer) => {
          answer.set('error_description', '"><svg onload=alert(1)>')
          answer.set('error_uri', 'https://evil.example/')
          return answer
        },
      })
      const { url } = await leave(test.browser, 'up')
      const landing = await test.browser.send(up.refuse(url, error).href)
      expect(landing.location?.searchParams.get('error')).toBe(told)
      expect(landing.location?.href).not.toMatch(/svg|evil|onload/)
    }
    expect(up.requests.filter(({ url }) => url.pathname === '/token')).toEqual([])
  })

  it('UP-21 an answer with both code and error, or two codes, is refused with 400', async () => {
    const { up, provider, clock } = connectOidc()
    const test = wholeServer([provider], {}, clock)
    const { url } = await leave(test.browser, 'up')
    const back = up.login(url)
    for (const more of ['&error=access_denied', '&code=another']) {
      const landing = await test.browser.send(back.href + more)
      expect(landing.response.status).toBe(400)
      expect(landing.location).toBeUndefined()
    }
    expect(up.requests.filter(({ url: asked }) => asked.pathname === '/token')).toEqual([])
  })

  it('UP-01 UP-21 a state that is not the one, or code and error, is refused without a server around it, too', async () => {
    const { up, provider } = connectOidc()
    const { url, pending } = await provider.start({ redirectUri: `${issuer}/callback/up` })
    const back = up.login(url).searchParams
    for (const change of [
      { state: `${pending.state}x` },
      { state: '' },
      { error: 'access_denied' },
    ] as Record<string, string>[]) {
      const changed = new URLSearchParams({ ...Object.fromEntries(back), ...change })
      await expect(provider.finish(changed, pending)).rejects.toThrow()
    }
    back.append('code', 'another')
    await expect(provider.finish(back, pending)).rejects.toThrow()
    expect(up.requests.filter(({ url: asked }) => asked.pathname === '/token')).toEqual([])
  })

  it('P06 an answer that names another issuer is refused: it is the answer of another provider', async () => {
    for (const iss of ['https://evil.example', 'https://up.example.net/', '']) {
      const connection = connectOidc()
      connection.up.behave({
        callback: (answer) => {
          answer.set('iss', iss)
          return answer
        },
      })
      await expectRefused(connection)
      expect(connection.up.requests.filter(({ url }) => url.pathname === '/token')).toHaveLength(1)
    }
  })

  it('UP-27 two tabs finish independently, in any order', async () => {
    const { up, provider, clock } = connectOidc()
    const test = wholeServer([provider], {}, clock)
    const [first, second] = [await leave(test.browser, 'up', 'one'), await leave(test.browser, 'up', 'two')]
    const done = await Promise.all([
      test.browser.send(up.login(second.url).href),
      test.browser.send(up.login(first.url).href),
    ])
    expect(done.map(({ location }) => location?.searchParams.get('state'))).toEqual(['two', 'one'])
    for (const { location } of done) expect(location?.searchParams.get('code')).toBeTruthy()
  })

  it('UP-30 a key that was rotated a second ago costs one more request for the keys', async () => {
    const { up, provider, clock } = connectOidc()
    const test = wholeServer([provider], {}, clock)
    const asked = () => up.requests.filter(({ url }) => url.pathname === '/jwks').length
    const once = async () => {
      const { url } = await leave(createBrowserOf(test), 'up')
      return test.browser.send(up.login(url).href)
    }
    await once()
    expect(asked()).toBe(1)
    await once()
    expect(asked()).toBe(1)
    up.rotateKey()
    expect((await once()).location?.searchParams.get('code')).toBeTruthy()
    expect(asked()).toBe(2)
  })

  it('UP-13 a verified address at the provider does not open a local account whose address was never verified', async () => {
    const linked: string[] = []
    const onLogin = linkAccounts({
      find: async () => undefined,
      create: async (key) => `new-${key}`,
      byEmail: {
        providers: ['up'],
        find: async () => ({ subject: 'local-alice', emailVerified: false }),
        link: async (subject) => void linked.push(subject),
      },
    })
    const { up, provider, clock } = connectOidc()
    const test = wholeServer([provider], { onLogin }, clock)
    const { url } = await leave(test.browser, 'up')
    await test.browser.send(up.login(url).href)
    expect(logins(test)[0]?.subject).toMatch(/^new-/)
    expect(linked).toEqual([])
  })
})

/** A new browser on the same server, in place of the old one. */
function createBrowserOf(test: WholeServer) {
  Object.assign(test, { browser: createBrowser(test.server) })
  return test.browser
}

function claims(changed: Readonly<Record<string, unknown>>) {
  return {
    idToken: (draft: { header: object; claims: object }) => ({
      header: { ...draft.header },
      claims: { ...draft.claims, ...changed },
    }),
  }
}

function header(changed: Readonly<Record<string, unknown>>) {
  return {
    idToken: (draft: { header: object; claims: object }) => ({
      header: { ...draft.header, ...changed },
      claims: { ...draft.claims },
    }),
  }
}

/** Another user's claims under the signature of the first. */
function exchangeClaims(jwt: string): string {
  const [protectedHeader, payload = '', signature] = jwt.split('.')
  const changed = {
    ...(JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as object),
    sub: 'up-bob',
  }
  return [protectedHeader, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
}
