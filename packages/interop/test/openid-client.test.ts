// openid-client as an application would use it: its defaults are what most relying parties on Node send.
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser } from './support/browser.ts'
import type { Browser, Person } from './support/browser.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks]
const webCallback = 'http://127.0.0.1:4900/cb'
const confluenceCallback = 'http://127.0.0.1:4822/plugins/servlet/oauth/callback'

let target: RunningTarget

beforeAll(async () => {
  target = await startTarget({ ADAPTER: 'express' })
})
afterAll(() => target.stop())

const discover = (clientId: string, metadata?: string, authentication?: client.ClientAuth) =>
  client.discovery(new URL(target.issuer), clientId, metadata, authentication, { execute })

interface SignIn {
  readonly redirectUri?: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly checks?: client.AuthorizationCodeGrantChecks
  readonly browser?: Browser
  readonly person?: Person
}

async function signIn(
  config: client.Configuration,
  { redirectUri = webCallback, parameters = {}, checks = {}, browser = createBrowser(), person }: SignIn = {},
) {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  })
  const callback = await browser.authorize(url, person)
  return client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    ...checks,
  })
}

describe('signing in', () => {
  it('works with the secret in the body, which is the default of the client', async () => {
    const tokens = await signIn(await discover('post', 'post-secret'))
    expect(tokens.claims()).toMatchObject({ iss: target.issuer, sub: 'alice', aud: 'post' })
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 900 })
  })

  it('works with Basic', async () => {
    const config = await discover('web', 'web-secret', client.ClientSecretBasic('web-secret'))
    expect((await signIn(config)).claims()?.aud).toBe('web')
  })

  it('works without a secret, for a public client', async () => {
    const config = await discover('pub', undefined, client.None())
    expect((await signIn(config, { redirectUri: 'http://localhost:51004/callback' })).claims()?.aud).toBe(
      'pub',
    )
  })

  it('works for a client that registered itself and named no method, although it then sends its secret in the body', async () => {
    const config = await client.dynamicClientRegistration(
      new URL(target.issuer),
      { client_name: 'A relying party', redirect_uris: ['https://rp.example/cb'] },
      undefined,
      { execute },
    )
    expect(config.clientMetadata()).toMatchObject({ token_endpoint_auth_method: 'client_secret_basic' })
    expect((await signIn(config, { redirectUri: 'https://rp.example/cb' })).claims()?.sub).toBe('alice')
  })

  it('works as Confluence does it: by either method, with a nonce and without PKCE', async () => {
    for (const authentication of [client.ClientSecretBasic, client.ClientSecretPost]) {
      const config = await discover('confluence', 'confluence-secret', authentication('confluence-secret'))
      const nonce = client.randomNonce()
      const state = client.randomState()
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: confluenceCallback,
        scope: 'address phone openid profile offline_access email',
        state,
        nonce,
      })
      expect(url.searchParams.has('code_challenge')).toBe(false)
      const callback = await createBrowser().authorize(url)
      const tokens = await client.authorizationCodeGrant(config, callback, {
        expectedNonce: nonce,
        expectedState: state,
        idTokenExpected: true,
      })
      expect(tokens.claims()).toMatchObject({ aud: 'confluence', nonce })
      const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
      expect(user).toMatchObject({ preferred_username: 'alice', email: 'alice@example.com' })
    }
  })

  it('tells when the user signed in, for max_age', async () => {
    const tokens = await signIn(await discover('post', 'post-secret'), {
      parameters: { max_age: '600' },
      checks: { maxAge: 600 },
    })
    expect(tokens.claims()?.auth_time).toBeTypeOf('number')
  })

  it('remembers the browser, asks again for prompt=login, and says login_required where it may not ask', async () => {
    const config = await discover('post', 'post-secret')
    const browser = createBrowser()
    await signIn(config, { browser })
    await signIn(config, { browser })
    await signIn(config, { browser, parameters: { prompt: 'login' } })
    expect(browser.shown.map(({ kind }) => kind)).toEqual(['login', 'consent', 'consent', 'login', 'consent'])
    await expect(signIn(config, { parameters: { prompt: 'none' } })).rejects.toMatchObject({
      error: 'login_required',
    })
  })

  it('asks again for max_age=0, and the ID token tells the new login', async () => {
    const config = await discover('post', 'post-secret')
    const browser = createBrowser()
    await signIn(config, { browser })
    await signIn(config, { browser, parameters: { max_age: '600' }, checks: { maxAge: 600 } })
    const before = Math.floor(Date.now() / 1000)
    const again = await signIn(config, { browser, parameters: { max_age: '0' }, checks: { maxAge: 10 } })
    expect(browser.shown.map(({ kind }) => kind)).toEqual(['login', 'consent', 'consent', 'login', 'consent'])
    expect(again.claims()?.auth_time).toBeGreaterThanOrEqual(before)
  })

  it('says consent_required for prompt=none where the user is signed in and would have to be asked', async () => {
    const config = await discover('post', 'post-secret')
    const browser = createBrowser()
    await signIn(config, { browser })
    await expect(signIn(config, { browser, parameters: { prompt: 'none' } })).rejects.toMatchObject({
      error: 'consent_required',
    })
  })

  it('asks once more for prompt=select_account and prompt=consent, and refuses none beside another', async () => {
    const config = await discover('post', 'post-secret')
    const browser = createBrowser()
    await signIn(config, { browser })
    await signIn(config, { browser, parameters: { prompt: 'select_account' }, person: { name: 'bob' } })
    const tokens = await signIn(config, { browser, parameters: { prompt: 'consent' } })
    expect(tokens.claims()?.sub).toBe('bob')
    expect(browser.shown.map(({ kind }) => kind)).toEqual(['login', 'consent', 'login', 'consent', 'consent'])
    await expect(signIn(config, { parameters: { prompt: 'none login' } })).rejects.toMatchObject({
      error: 'invalid_request',
    })
  })

  it('fills in the user name of login_hint, and whoever signs in counts', async () => {
    const browser = createBrowser()
    const parameters = { login_hint: 'carol@example.com' }
    const tokens = await signIn(await discover('post', 'post-secret'), { browser, parameters })
    expect(browser.shown[0]?.html).toMatch(/name="username"\s+value="carol@example\.com"/)
    expect(tokens.claims()?.sub).toBe('alice')
  })

  it('can be denied by the user, which the client reads as access_denied', async () => {
    const config = await discover('post', 'post-secret')
    await expect(signIn(config, { person: { allow: () => false } })).rejects.toMatchObject({
      code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
      error: 'access_denied',
    })
  })
})

describe('with tokens', () => {
  it('the client refreshes, calls the resource, revokes, and reads the refusal after that', async () => {
    const config = await discover('web', 'web-secret', client.ClientSecretBasic('web-secret'))
    const tokens = await signIn(config, {
      parameters: { scope: 'openid read:application', resource: target.mcp },
    })
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(refreshed.scope).toBe('openid read:application')

    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
    const headers = new Headers({
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    })
    const call = () =>
      client.fetchProtectedResource(
        config,
        refreshed.access_token,
        new URL(target.mcp),
        'POST',
        body,
        headers,
      )
    expect(await (await call()).json()).toMatchObject({ result: { tools: expect.any(Array) } })

    await client.tokenRevocation(config, refreshed.refresh_token ?? '')
    await expect(client.refreshTokenGrant(config, refreshed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
      status: 400,
    })
    await expect(call()).rejects.toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401 })
  })

  it('the client gets the same of the user by POST as by GET', async () => {
    const config = await discover('post', 'post-secret')
    const tokens = await signIn(config)
    const { userinfo_endpoint: userinfo = '' } = config.serverMetadata()
    const post = () => client.fetchProtectedResource(config, tokens.access_token, new URL(userinfo), 'POST')
    const user = await client.fetchUserInfo(config, tokens.access_token, 'alice')
    expect(user).toMatchObject({ sub: 'alice', email: 'alice@example.com' })
    expect(await (await post()).json()).toEqual(user)
    await client.tokenRevocation(config, tokens.access_token)
    await expect(post()).rejects.toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401 })
  })

  it('the client can ask for less when it refreshes, but not for what it never asked for', async () => {
    const config = await discover('post', 'post-secret')
    const tokens = await signIn(config, {
      parameters: { scope: 'openid read:application read:user', resource: target.mcp },
    })
    const narrowed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', {
      scope: 'read:user',
    })
    expect(narrowed.scope).toBe('read:user')
    const wider = client.refreshTokenGrant(config, narrowed.refresh_token ?? '', {
      scope: 'admin:application',
    })
    await expect(wider).rejects.toMatchObject({ error: 'invalid_scope' })
  })

  it('the client is told invalid_client when its secret is wrong', async () => {
    const config = await discover('post', 'wrong')
    await expect(client.refreshTokenGrant(config, 'x')).rejects.toMatchObject({
      error: 'invalid_client',
      status: 401,
    })
  })
})

describe('signing out', () => {
  it('LO-01 ends the session for the ID token of the client, whose next user has to sign in', async () => {
    const config = await discover('web', 'web-secret', client.ClientSecretBasic('web-secret'))
    const browser = createBrowser()
    const tokens = await signIn(config, { browser })
    expect(tokens.claims()?.['sid']).toEqual(expect.any(String))
    const url = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'http://127.0.0.1:4900/bye',
      state: 'after',
    })
    const left = await browser.authorize(url)
    expect(left.href).toBe('http://127.0.0.1:4900/bye?state=after')
    const logins = () => browser.shown.filter(({ kind }) => kind === 'login').length
    expect(logins()).toBe(1)
    await signIn(config, { browser })
    expect(logins()).toBe(2)
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })
})
