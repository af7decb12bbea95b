// RFC 7591 §3: https://www.rfc-editor.org/rfc/rfc7591.html#section-3
import { describe, expect, it } from 'vitest'
import { dynamicRegistration, none } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { authorize, logIn, obtainCode, post, redeem } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { nativeClient, register } from '../support/registration.ts'
import { issuer, testServer } from '../support/test-server.ts'
import { eventsOf, redeemWeb } from '../support/tokens.ts'

describe('what a registration answers', () => {
  it('CR-01 a public client gets an id, no secret, and an answer that nobody caches', async () => {
    const test = testServer()
    const { status, headers, json } = await register(test, nativeClient)
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(json).toMatchObject({ ...nativeClient, client_id_issued_at: test.clock.now() / 1000 })
    expect(json.client_id).toMatch(/^[\w-]{22}$/)
    expect(json).not.toHaveProperty('client_secret')
    expect(eventsOf(test, 'client.registered')).toMatchObject([{ clientId: json.client_id, ip: '192.0.2.1' }])
  })

  it('CR-02 without a method it is client_secret_basic, with a secret that does not expire', async () => {
    const { json } = await register(testServer(), { redirect_uris: ['https://app.example.com/cb'] })
    expect(json).toMatchObject({
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret_expires_at: 0,
    })
    expect(json.client_secret).toMatch(/^[\w-]{43}$/)
  })

  it('CR-02 where the server does not offer that default, a registration without a method is refused', async () => {
    const clients = [dynamicRegistration({ mode: 'open' })]
    const test = testServer({ clientAuthentication: [none()], clients })
    const { status, json } = await register(test, { redirect_uris: ['https://app.example.com/cb'] })
    expect([status, json.error]).toEqual([400, 'invalid_client_metadata'])
  })

  it('CA-03 who named no method may send the secret either way, who named one only that way', async () => {
    const test = testServer()
    const redirect_uris = ['https://app.example.com/cb']
    const silent = (await register(test, { redirect_uris })).json
    const named = (await register(test, { redirect_uris, token_endpoint_auth_method: 'client_secret_basic' }))
      .json
    const request = { grant_type: 'refresh_token', refresh_token: 'x' }
    for (const [client, inForm] of [
      [silent, 400],
      [named, 401],
    ] as const) {
      const { client_id, client_secret } = client
      const byBasic = await post(test, '/token', request, { basic: `${client_id}:${client_secret}` })
      expect(byBasic.status).toBe(400)
      expect((await post(test, '/token', { ...request, client_id, client_secret })).status).toBe(inForm)
    }
  })

  it('CR-27 says nothing of a management endpoint that does not exist', async () => {
    const { json } = await register(testServer(), nativeClient)
    expect(json).not.toHaveProperty('registration_client_uri')
    expect(json).not.toHaveProperty('registration_access_token')
  })

  it('echoes the scope, which some clients insist on', async () => {
    const scope = 'read:application offline_access'
    expect((await register(testServer(), { ...nativeClient, scope })).json.scope).toBe(scope)
  })

  it('CR-16 takes none of what a client may not decide about itself, and still asks the user', async () => {
    const test = testServer()
    const forged = {
      client_id: 'web',
      client_secret: 'chosen',
      client_secret_expires_at: 1,
      registration_access_token: 'chosen',
      skip_consent: true,
      consent: 'never',
      trusted: true,
      verified: true,
      first_party: true,
      pkce: 'nonce',
      owner: 'alice',
      scopes: ['admin:application'],
      resources: ['https://evil.example/'],
      accessTokenLifetime: 1e9,
      secretHashes: ['x'],
      authenticationMethods: ['none'],
      ['__proto__']: { verified: true },
    }
    const { status, json } = await register(test, { ...nativeClient, ...forged })
    expect(status).toBe(201)
    for (const name of Object.keys(forged)) if (name !== 'client_id') expect(json).not.toHaveProperty([name])
    expect(json.client_id).not.toBe('web')
    const browser = createBrowser(test.server)
    const overrides = { client_id: json.client_id, redirect_uri: 'http://127.0.0.1:51004/callback' }
    const login = await authorize(browser, overrides)
    expect((await logIn(browser, login.body)).body).toContain('<form id="consent"')
    const code = await obtainCode(test, overrides, { browser })
    expect((await redeem(test, code, { client_id: json.client_id })).json.expires_in).toBe(900)
  })
})

describe('who may register', () => {
  it('CR-23 without dynamicRegistration there is no endpoint, and metadata names none', async () => {
    const test = testServer({ clients: [] })
    const request = new Request(`${issuer}/register`, { method: 'POST', body: '{}' })
    expect(await test.server.handle(request)).toBeUndefined()
    expect(await test.server.metadata()).not.toHaveProperty('registration_endpoint')
  })

  it('CR-24 in token mode a registration without or with a wrong initial access token is 401 invalid_token', async () => {
    const good = 'an-initial-access-token'
    const test = testServer({
      clients: [dynamicRegistration({ mode: 'token', initialAccessTokens: ['x'.repeat(20), good] })],
    })
    for (const token of [undefined, 'wrong', good.toUpperCase(), `${good}x`, good.slice(1)]) {
      const { status, json, headers } = await register(test, nativeClient, token)
      expect([status, json.error]).toEqual([401, 'invalid_token'])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer /)
    }
    expect((await register(test, nativeClient, good)).status).toBe(201)
  })

  it.each([
    ['no mode', {}],
    ['an unknown mode', { mode: 'closed' }],
    ['token mode without tokens', { mode: 'token' }],
    ['a token that can be guessed', { mode: 'token', initialAccessTokens: ['short'] }],
  ])('%s is a TypeError', (_what, options) => {
    expect(() => dynamicRegistration(options as never)).toThrow(TypeError)
  })
})

describe('how long a client that registered itself is kept', () => {
  const callback = 'https://app.example.com/cb'
  const lifetimes = { mode: 'open', unconfirmedLifetime: 3600, unusedLifetime: 86_400 } as const

  async function registeredClient() {
    const test = testServer({
      clients: [dynamicRegistration(lifetimes)],
      refreshTokenIdleLifetime: 30 * 86_400,
    })
    const { json } = await register(test, { redirect_uris: [callback] })
    const credentials = `${json.client_id}:${json.client_secret}`
    const isKnown = async () => {
      const request = { grant_type: 'refresh_token', refresh_token: 'x' }
      return (await post(test, '/token', request, { basic: credentials })).json.error !== 'invalid_client'
    }
    return { test, clientId: json.client_id, credentials, isKnown }
  }

  it('CR-21 one that nobody ever approved is gone after a day, however often it knocked', async () => {
    const { test, isKnown } = await registeredClient()
    test.clock.advance(3599)
    expect(await isKnown()).toBe(true)
    test.clock.advance(1)
    expect(await isKnown()).toBe(false)
  })

  it('CR-21 one that registers at each start is kept, and is not written each time', async () => {
    const { storage, calls } = hookedStorage()
    const test = testServer({ storage, clients: [dynamicRegistration(lifetimes)] })
    const { client_id: clientId } = (await register(test, nativeClient)).json
    const written = () =>
      calls.filter(({ kind, keys }) => kind === 'commit' && keys[0]?.collection === 'clients').length
    expect(written()).toBe(1)
    test.clock.advance(1800)
    for (const writes of [2, 2, 2]) {
      test.clock.advance(60)
      expect((await register(test, nativeClient)).json.client_id).toBe(clientId)
      expect(written()).toBe(writes)
    }
    // From the last start on, it has all of its time.
    test.clock.advance(3599)
    expect(await test.server.clients.find(clientId)).toBeDefined()
  })

  it('CR-21 one that is used is kept for its whole time after every use, however they are spaced', async () => {
    const { test, clientId, credentials, isKnown } = await registeredClient()
    const code = await obtainCode(test, { client_id: clientId, redirect_uri: callback })
    let { json } = await redeemWeb(test, code, {}, { basic: credentials })
    for (const pause of [0, 43_000, 60_000, 86_399, 1]) {
      test.clock.advance(pause)
      const request = { grant_type: 'refresh_token', refresh_token: json.refresh_token }
      ;({ json } = await post(test, '/token', request, { basic: credentials }))
      expect(json.error).toBeUndefined()
    }
    test.clock.advance(86_399)
    expect(await isKnown()).toBe(true)
    test.clock.advance(86_400 / 8 + 1)
    expect(await isKnown()).toBe(false)
  })

  it.each([
    { unconfirmedLifetime: 0 },
    { unconfirmedLifetime: Number.NaN },
    { unusedLifetime: -1 },
    { unusedLifetime: Infinity },
    { unusedLifetime: '60' },
  ])('CK-04 %o is a TypeError', (options) => {
    expect(() => dynamicRegistration({ mode: 'open', ...options } as never)).toThrow(TypeError)
  })
})
