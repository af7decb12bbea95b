// Logouts that cross from here to the provider and back, with whole servers on both sides
import { registered } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions } from '@gatewright/authorization-server'
import { composeHandlers } from '@gatewright/core'
import {
  backchannelLogout,
  createUpstreamTokens,
  customProvider,
  identityKey,
  oidcProvider,
} from '@gatewright/provider'
import type { Provider } from '@gatewright/provider'
import { createMemoryStorage, createReplayStore } from '@gatewright/storage'
import { createVault } from '@gatewright/storage/vault'
import { createTestClock } from '@gatewright/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Browser } from './support/browser.ts'
import { connectOidc } from './support/connect.ts'
import { logInThere, realProvider } from './support/real-provider.ts'
import { issuer, leave, redeem, tokenRequest, wholeServer } from './support/whole-server.ts'

// oidc-provider warns on the console that its defaults are for development, which is what they are used for here.
beforeAll(() => {
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {})
})
afterAll(() => void vi.restoreAllMocks())

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

const secrets = 'a secret of the test of 32 characters'

/** A server that keeps what the provider issued, and gives it back. */
function keepingServer(
  provider: Provider,
  overrides: Partial<AuthorizationServerOptions> = {},
  clock = createTestClock(Date.now()),
) {
  const upstream = createUpstreamTokens({
    storage: createMemoryStorage(),
    vault: createVault({ secrets }),
    providers: [provider],
    runtime: clock,
  })
  const test = wholeServer(
    [provider],
    {
      checkGrant: upstream.checkGrant,
      onLastLogout: upstream.end,
      async onLogin(identity, tokens) {
        const subject = await identityKey(identity)
        await upstream.put(subject, identity.provider, tokens)
        return subject
      },
      ...overrides,
    },
    clock,
  )
  return { ...test, upstream }
}

async function signOut(browser: Browser) {
  const { body } = await browser.send(`${issuer}/account`)
  return browser.submit(body, 'sign-out', { decision: 'sign-out' })
}

const isSignedIn = async (browser: Browser) =>
  (await browser.send(`${issuer}/account`)).body.includes('id="sign-out"')

/** Ends every grant of the user, as the user would on the account page. */
async function disconnectAll({ server, events }: ReturnType<typeof keepingServer>) {
  const subject = events.find(({ type }) => type === 'login.succeeded')?.subject ?? ''
  await server.grants.revokeAll({ subject })
  return subject
}

describe('a logout here, with the provider of the testkit', () => {
  async function signedIn(overrides: Parameters<typeof connectOidc>[0] = {}) {
    const connection = connectOidc({ singleLogout: true, ...overrides })
    const { provider, up, clock } = connection
    const test = keepingServer(provider, {}, clock)
    const { url, verifier } = await leave(test.browser, 'up')
    const landing = await test.browser.send(up.login(url).href)
    const { json } = await redeem(test, landing, verifier)
    return { ...test, up, json }
  }

  it('P17 goes there with the ID token of the login, and comes back', async () => {
    const { browser, up } = await signedIn()
    const { location } = await signOut(browser)
    const sent = location?.searchParams
    expect(`${location?.origin}${location?.pathname}`).toBe(`${up.issuer}/logout`)
    expect(sent?.get('client_id')).toBe('client')
    expect(sent?.get('id_token_hint')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(sent?.get('post_logout_redirect_uri')).toBe(`${issuer}/signed-out`)
    expect(await isSignedIn(browser)).toBe(false)
    const back = await browser.send(up.logOut(location?.href ?? '').href)
    expect(back.body).toContain('Continue with <bdi>Upstream</bdi>')
  })

  it('P17 gives the tokens back there when no app needs them any more, and not before', async () => {
    const test = await signedIn()
    const { browser, up, upstream } = test
    const revoked = () => up.requests.filter(({ url }) => url.pathname === '/revoke')
    await signOut(browser)
    const subject = test.events.find(({ type }) => type === 'login.succeeded')?.subject ?? ''
    // The app keeps its access, and what it does there needs the tokens.
    expect(await upstream.accessToken(subject, 'up')).toBeTruthy()
    expect(revoked()).toEqual([])
    const { url } = await leave(browser, 'up')
    await browser.send(up.login(url).href)
    await disconnectAll(test)
    await signOut(browser)
    await expect.poll(revoked).toHaveLength(1)
    await expect(upstream.accessToken(subject, 'up')).rejects.toMatchObject({ code: 'invalid_grant' })
  })

  it('P17 is done here when the provider is down, without waiting for it', async () => {
    const test = await signedIn()
    const { browser, up, events } = test
    await disconnectAll(test)
    up.behave({ outage: 503 })
    const { location } = await signOut(browser)
    expect(location?.origin).toBe(up.issuer)
    expect(await isSignedIn(browser)).toBe(false)
    await expect
      .poll(() => events.find(({ type }) => type === 'logout.notification_failed'))
      .toMatchObject({ provider: 'up', reason: 'provider' })
  })

  it('P17 stays here without singleLogout', async () => {
    const { browser } = await signedIn({ singleLogout: false })
    expect((await signOut(browser)).location).toBeUndefined()
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('P17 leaves out an ID token that no server takes in a URL', async () => {
    const { provider } = connectOidc()
    const url = await provider.logoutUrl({ idToken: 'x'.repeat(6001) })
    expect(url).toBe('https://up.example.net/logout?client_id=client')
  })

  it('P17 does not start where the provider has no place for it', async () => {
    const { provider, up } = connectOidc({ singleLogout: true })
    up.behave({ discovery: (document) => ({ ...document, end_session_endpoint: undefined }) })
    await expect(provider.prepare()).rejects.toThrow('singleLogout needs logoutUrl')
    const options = { id: 'c', clientId: 'c', clientSecret: 's', singleLogout: true } as const
    const urls = { authorizationUrl: 'https://a.example/a', tokenUrl: 'https://a.example/t' }
    const custom = { ...options, ...urls, userinfoUrl: 'https://a.example/u' }
    expect(() => customProvider(custom)).toThrow('singleLogout needs logoutUrl')
    expect(customProvider({ ...custom, logoutUrl: 'https://a.example/bye' }).singleLogout).toBe(true)
  })
})

describe('logouts with oidc-provider', () => {
  const ours = {
    id: 'real',
    clientId: 'gatewright',
    clientSecret: 'a-secret+with:odd%characters',
    reach: 'loopback',
    singleLogout: true,
  } as const
  const registration = {
    redirect_uris: [`${issuer}/callback/real`],
    post_logout_redirect_uris: [`${issuer}/signed-out`],
  }
  const wiki = {
    client_id: 'wiki',
    client_secret: 'wiki-secret',
    redirect_uris: ['https://wiki.example.com/cb'],
    post_logout_redirect_uris: ['https://wiki.example.com/bye'],
    consent: 'never',
    pkce: 'nonce',
  } as const

  async function start(
    client: Parameters<typeof realProvider>[0] = {},
    configuration: Parameters<typeof realProvider>[1] = {},
  ) {
    const real = await realProvider({ ...registration, ...client }, configuration)
    closing.push(real.close)
    return real
  }

  it('P17 a client signs its user out here and there, and gets the user back', async () => {
    const { issuer: upstreamIssuer } = await start()
    const provider = oidcProvider({ ...ours, issuer: upstreamIssuer })
    await provider.prepare()
    const { server, browser } = keepingServer(provider, { clients: [registered(wiki)] })
    const cookies = new Map<string, string>()
    const back = `${issuer}/callback/real`
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'wiki',
      scope: 'openid',
      nonce: 'n-1',
    })
    const { location: there } = await browser.send(`${issuer}/authorize?${query}`)
    const returned = await logInThere(there?.href ?? '', 'alice', { back, cookies })
    const code = (await browser.send(returned.href)).location?.searchParams.get('code') ?? ''
    const { json } = await tokenRequest(server, {
      grant_type: 'authorization_code',
      code,
      client_id: 'wiki',
      client_secret: 'wiki-secret',
    })
    const asked = new URLSearchParams({
      id_token_hint: json['id_token'] ?? '',
      post_logout_redirect_uri: 'https://wiki.example.com/bye',
      state: 'wiki-state',
    })
    const { location } = await browser.send(`${issuer}/logout?${asked}`)
    expect(location?.origin).toBe(upstreamIssuer)
    expect(await isSignedIn(browser)).toBe(false)
    const done = await logInThere(location?.href ?? '', '', { back: `${issuer}/signed-out`, cookies })
    const end = await browser.send(done.href)
    expect(end.location?.href).toBe('https://wiki.example.com/bye?state=wiki-state')
    // The provider asks for the user's name again: its own session is over.
    const { location: again } = await browser.send(`${issuer}/authorize?${query}`)
    const silent = new URL(again?.href ?? '')
    silent.searchParams.set('prompt', 'none')
    const refused = await logInThere(silent.href, 'alice', { back, cookies })
    expect(refused.searchParams.get('error')).toBe('login_required')
  })

  it.each([
    ['the sessions alone', true],
    ['the sessions and what apps may do', false],
  ])('LO-07 a logout there ends %s here, as configured', async (_what, grants) => {
    const url = `${issuer}/logout/real`
    const reported: (() => Promise<Response | undefined>)[] = []
    const { issuer: upstreamIssuer } = await start(
      { backchannel_logout_uri: url },
      {
        features: { backchannelLogout: { enabled: true } },
        // What it sends to us, it sends into this process.
        fetch: async (target, { method = 'GET', headers = {}, body } = {}) => {
          const send = () => handler.handle(new Request(target, { method, headers, body: body ?? null }))
          reported.push(send)
          return (await send()) ?? new Response(null, { status: 404 })
        },
      },
    )
    const provider = oidcProvider({ ...ours, issuer: upstreamIssuer })
    const test = keepingServer(provider)
    const { server, browser } = test
    const logouts = backchannelLogout({
      provider,
      url,
      replays: createReplayStore(createMemoryStorage()),
      async onLogout({ provider: id, issuer: from, subject = '' }) {
        const user = await identityKey({ provider: id, issuer: from, subject })
        await server.users.signOut(user, { grants })
      },
    })
    const handler = composeHandlers(logouts, server)

    const cookies = new Map<string, string>()
    const back = `${issuer}/callback/real`
    const { url: away, verifier } = await leave(browser, 'real')
    const returned = await logInThere(away, 'alice', { back, cookies })
    const { json } = await redeem(test, await browser.send(returned.href), verifier)
    const refresh = () =>
      tokenRequest(server, { grant_type: 'refresh_token', refresh_token: json['refresh_token'] ?? '' })
    expect(await isSignedIn(browser)).toBe(true)

    // What does not verify ends nothing: the first half of the rule, at the same server.
    const forged = new URLSearchParams({ logout_token: json['access_token'] ?? '' })
    const request = new Request(url, { method: 'POST', body: forged })
    expect((await handler.handle(request))?.status).toBe(400)
    expect(await isSignedIn(browser)).toBe(true)

    const signOutThere = `${upstreamIssuer}/session/end?client_id=gatewright&post_logout_redirect_uri=${issuer}/signed-out`
    await logInThere(signOutThere, '', { back: `${issuer}/signed-out`, cookies })
    expect(reported).toHaveLength(1)
    expect(await isSignedIn(browser)).toBe(false)
    expect((await refresh()).status).toBe(grants ? 200 : 400)
    expect((await reported[0]?.())?.status).toBe(400)
  })
})
