// MCP security best practices (confused deputy), RFC 9700 §4.4 and §4.7: logging in somewhere else
import { describe, expect, it } from 'vitest'
import { loginWith, password } from '@gatewright/authorization-server'
import { createBrowser, formOf } from '../support/browser.ts'
import {
  expectForm,
  expectLocalErrorPage,
  expectPageHeaders,
  expectRedirectError,
} from '../support/expectations.ts'
import {
  callbackUrl,
  choose,
  decide,
  fakeProvider,
  leaveFor,
  serverWithProviders,
} from '../support/fake-provider.ts'
import { approve, authorize, claimsOf, logIn, redeem } from '../support/flow.ts'
import { registerClient } from '../support/register-client.ts'
import { issuer } from '../support/test-server.ts'

const tripCookie = (cookies: ReadonlyMap<string, string>) =>
  [...cookies.keys()].find((name) => name.endsWith('-trip'))

describe('the way to a provider', () => {
  it('P12 the login page lists every provider by name beside the password form', async () => {
    const { browser } = serverWithProviders()
    const page = await authorize(browser)
    expectForm(page, 'login')
    expect(page.body).toContain('Continue with <bdi>GitHub</bdi>')
    expect(page.body).toContain('Continue with <bdi>Provider other</bdi>')
    expect(formOf(page.body, 'login').fields.has('provider')).toBe(false)
  })

  it('CO-15 nothing is asked of the provider and no cookie for the trip is set before the user approved', async () => {
    const { browser, github } = serverWithProviders()
    const page = await authorize(browser)
    const consent = await choose(browser, page.body, 'github')
    expectForm(consent, 'consent')
    expectPageHeaders(consent.response)
    expect(consent.body).toContain(
      'If you allow it, you sign in with <strong><bdi>GitHub</bdi></strong> next',
    )
    expect(github.started).toEqual([])
    expect(tripCookie(browser.cookies)).toBeUndefined()
    const left = await decide(browser, consent.body)
    expect(left.location?.origin).toBe('https://github.example.net')
    expect(left.response.status).toBe(303)
    expect(tripCookie(browser.cookies)).toBe(`__Host-gatewright-${cookieHash(browser.cookies)}-trip`)
    expect(left.response.headers.getSetCookie().find((cookie) => cookie.includes('-trip='))).toMatch(
      /; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
    )
  })

  it('CO-15 a denied consent leads back to the client and never to the provider', async () => {
    const { browser, github } = serverWithProviders()
    const consent = await choose(browser, (await authorize(browser)).body, 'github')
    expectRedirectError(await decide(browser, consent.body, 'deny'), 'access_denied')
    expect(github.started).toEqual([])
    expect(tripCookie(browser.cookies)).toBeUndefined()
  })

  it('CO-15 an approval without its token, or from another browser, starts no trip', async () => {
    const { browser, github, test } = serverWithProviders()
    const consent = await choose(browser, (await authorize(browser)).body, 'github')
    const form = formOf(consent.body, 'consent')
    form.fields.set('decision', 'approve')
    expectLocalErrorPage(await createBrowser(test.server).submit(form), 403)
    form.fields.delete('csrf')
    expectLocalErrorPage(await browser.submit(form), 403)
    // A link cannot approve either: only the form counts.
    const linked = await browser.send(
      `${form.action}&provider=github&decision=approve&scope=read:application`,
    )
    expectForm(linked, 'consent')
    expect(github.started).toEqual([])
  })

  it('CO-15 a client that registered itself is always asked about, also with a single provider and a hint', async () => {
    const { browser, github, test } = serverWithProviders({}, { password: false, only: true })
    const redirectUri = 'https://tools.example.net/cb'
    const clientId = await registerClient(test, { redirect_uris: [redirectUri], consent: 'never' })
    const request = { client_id: clientId, redirect_uri: redirectUri, provider_hint: 'github' }
    const page = await authorize(browser, request)
    expectForm(page, 'consent')
    expect(page.body).toMatch(/registered itself/)
    expect(github.started).toEqual([])
    expectRedirectError(await decide(browser, page.body, 'deny'), 'access_denied', { to: redirectUri })
  })

  it('CO-15 an interaction that leaves without an approval is stopped', async () => {
    const { provider, started } = fakeProvider('github')
    const honest = loginWith(provider, { onLogin: async () => 'alice' })
    for (const approved of [undefined, ['read:application'], ['admin:application']]) {
      const { test } = serverWithProviders({
        interaction: {
          ...honest,
          async authenticate(_request, visit) {
            const login = await provider.start({ redirectUri: visit.redirectUri('github') })
            return visit.leave({ ...login, approved })
          },
        },
      })
      const browser = createBrowser(test.server)
      expectRedirectError(await authorize(browser), 'server_error')
      expect(tripCookie(browser.cookies)).toBeUndefined()
    }
    expect(started).toHaveLength(3)
  })

  it('CO-15 an interaction that makes more of an approval than the client asked for is stopped', async () => {
    const { provider } = fakeProvider('github')
    const { test } = serverWithProviders({
      interaction: {
        ...loginWith(provider, { onLogin: async () => 'alice' }),
        async authenticate(_request, visit) {
          if (visit.form === undefined)
            return visit.pages.consent({ provider: { id: 'github', name: 'GitHub' } })
          const login = await provider.start({ redirectUri: visit.redirectUri('github') })
          return visit.leave({ ...login, approved: ['read:application', 'admin:application'] })
        },
      },
    })
    const browser = createBrowser(test.server)
    const page = await authorize(browser, { scope: 'read:application' })
    expectRedirectError(await decide(browser, page.body), 'server_error')
    expect(tripCookie(browser.cookies)).toBeUndefined()
  })

  it('goes on at once for a client that the operator exempted from consent', async () => {
    const { browser } = serverWithProviders({}, { password: false, only: true })
    const request = { client_id: 'first-party', redirect_uri: 'https://app.example.com/cb' }
    const { location } = await authorize(browser, request)
    expect(location?.origin).toBe('https://github.example.net')
    const done = await browser.send(callbackUrl(location as URL, 'github', { code: 'alice' }))
    expect(done.location?.searchParams.get('code')).toBeTruthy()
  })

  it('P18 provider_hint and idp_hint skip the list, an unknown one does not', async () => {
    for (const hint of [{ provider_hint: 'other' }, { idp_hint: 'other' }]) {
      const page = await authorize(serverWithProviders().browser, hint)
      expectForm(page, 'consent')
      expect(formOf(page.body, 'consent').fields.get('provider')).toBe('other')
    }
    for (const hint of ['unknown', '__proto__', '../other', 'a'.repeat(5000)])
      expectForm(await authorize(serverWithProviders().browser, { provider_hint: hint }), 'login')
  })

  it('UP-06 the redirect URI comes from the issuer, whatever the Host header says', async () => {
    const { browser, github } = serverWithProviders()
    const page = await authorize(browser)
    const form = formOf(page.body, 'providers')
    form.fields.set('provider', 'github')
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
    const consent = await browser.send(`${form.action}&provider=github`, { headers })
    const approval = formOf(consent.body, 'consent')
    approval.fields.set('decision', 'approve')
    // What an adapter gives for a request whose Host it believes.
    await browser.send(approval.action.replace(issuer, 'https://evil.example'), {
      method: 'POST',
      body: approval.fields.toString(),
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(github.started).toEqual([
      {
        redirectUri: `${issuer}/callback/github`,
        loginHint: undefined,
        uiLocales: undefined,
        freshLogin: false,
      },
    ])
  })

  it('hands over the login hint, the languages and the wish for a fresh login', async () => {
    const { browser, github } = serverWithProviders()
    const hints = { login_hint: 'alice@example.com', ui_locales: 'de en', prompt: 'login' }
    await leaveFor(browser, 'github', hints)
    expect(github.started).toMatchObject([
      { loginHint: 'alice@example.com', uiLocales: ['de', 'en'], freshLogin: true },
    ])
  })

  it('does not sign a user in again who has just signed out of the only provider', async () => {
    const { browser, github } = serverWithProviders({}, { password: false, only: true })
    const page = await browser.send(`${issuer}/account`)
    expect(page.body).toContain('Continue with')
    expect(github.started).toEqual([])
    const left = await choose(browser, page.body, 'github')
    const back = await browser.send(callbackUrl(left.location as URL, 'github', { code: 'alice' }))
    expect(back.body).toContain('No app has access')
  })

  it('prompt=none never leaves', async () => {
    const { browser, github } = serverWithProviders({}, { password: false, only: true })
    const request = { client_id: 'first-party', redirect_uri: 'https://app.example.com/cb', prompt: 'none' }
    expectRedirectError(await authorize(browser, request), 'login_required', {
      to: 'https://app.example.com/cb',
    })
    expect(tripCookie(browser.cookies)).toBeUndefined()
    expect(github.finished).toEqual([])
  })
})

describe('the way back from a provider', () => {
  it('signs the user in and gives the client its code, without a second page', async () => {
    const { browser, test } = serverWithProviders()
    const left = await leaveFor(browser, 'github')
    const { location } = await browser.send(callbackUrl(left, 'github', { code: 'alice' }))
    expect(location?.searchParams.get('state')).toBe('state-1')
    expect(location?.searchParams.get('code')).toBeTruthy()
    expect(test.events.map(({ type, provider }) => [type, provider])).toContainEqual([
      'login.succeeded',
      'github',
    ])
    // The next request finds the session and asks for consent as usual.
    expectForm(await authorize(browser), 'consent')
  })

  it('gives a code that redeems to a token of the user who logged in there', async () => {
    const { browser, test } = serverWithProviders()
    const flow = await import('../support/flow.ts')
    const { verifier, query } = await flow.authorizationParameters()
    const page = await browser.send(flow.authorizeUrl(query))
    const consent = await choose(browser, page.body, 'other')
    const left = await decide(browser, consent.body)
    const { location } = await browser.send(callbackUrl(left.location as URL, 'other', { code: 'bob' }))
    const { json } = await redeem(test, { code: location?.searchParams.get('code') ?? '', verifier })
    expect(claimsOf(json.access_token)).toMatchObject({ sub: 'bob' })
  })

  it('cuts what was approved to what the user who came back may grant', async () => {
    const { browser, test } = serverWithProviders()
    const left = await leaveFor(browser, 'github')
    await browser.send(callbackUrl(left, 'github', { code: 'carol' }))
    const issued = test.events.find(({ type }) => type === 'authorization_code.issued')
    expect(issued).toMatchObject({ subject: 'carol', scope: 'read:application' })
    const all = await leaveFor(createBrowser(test.server), 'github', { scope: 'admin:application' })
    expect(all.href).toContain('github')
  })

  it('grants nothing when the user may grant none of it', async () => {
    const { browser } = serverWithProviders()
    const left = await leaveFor(browser, 'github', { scope: 'admin:application' })
    expectRedirectError(await browser.send(callbackUrl(left, 'github', { code: 'carol' })), 'access_denied')
  })

  it('leaves out what the user unticked', async () => {
    const { browser, test } = serverWithProviders()
    const consent = await choose(browser, (await authorize(browser)).body, 'github')
    const left = await approve(browser, consent.body, ['read:application'])
    await browser.send(callbackUrl(left.location as URL, 'github', { code: 'alice' }))
    expect(test.events.find(({ type }) => type === 'authorization_code.issued')?.scope).toBe(
      'read:application',
    )
  })

  it('tells the client when onLogin knows nobody of that identity, or throws', async () => {
    const { browser, test } = serverWithProviders()
    const left = await leaveFor(browser, 'github')
    expectRedirectError(await browser.send(callbackUrl(left, 'github', { code: 'mallory' })), 'access_denied')
    expect(test.events.some(({ type }) => type === 'login.succeeded')).toBe(false)
    expect(test.events).toContainEqual(
      expect.objectContaining({ type: 'login.failed', provider: 'github', reason: 'access_denied' }),
    )
    const failing = serverWithProviders({}, { onLogin: () => Promise.reject(new Error('db at 10.0.0.7')) })
    const second = await leaveFor(failing.browser, 'github')
    const landing = await failing.browser.send(callbackUrl(second, 'github', { code: 'alice' }))
    expectRedirectError(landing, 'server_error')
    expect(landing.location?.href).not.toContain('10.0.0.7')
  })

  it('UP-20 an error of the provider reaches the client as one of ours, its text does not', async () => {
    for (const [error, told] of [
      ['access_denied', 'access_denied'],
      ['<script>', 'server_error'],
    ] as const) {
      const { browser, test } = serverWithProviders()
      const left = await leaveFor(browser, 'github')
      const answer = { error, error_description: '<script>alert(1)</script>' }
      const landing = await browser.send(callbackUrl(left, 'github', answer))
      expectRedirectError(landing, told)
      expect(landing.location?.href).not.toMatch(/<|%3C|alert/i)
      expect(test.events.filter(({ type }) => type === 'login.failed')).toEqual([
        expect.objectContaining({
          provider: 'github',
          reason: told,
          ip: '192.0.2.1',
          clientId: 'claude-desktop-mcp',
        }),
      ])
      // The user allowed it here; it is the login that did not come about.
      expect(test.events.some(({ type }) => type === 'consent.denied')).toBe(false)
    }
  })

  it('UP-20 an error of the provider on the way to the account page is a failed login, too', async () => {
    const { browser, test } = serverWithProviders()
    const left = await choose(browser, (await browser.send(`${issuer}/account`)).body, 'github')
    const answer = { error: 'access_denied' }
    const landing = await browser.send(callbackUrl(left.location as URL, 'github', answer))
    expectLocalErrorPage(landing)
    expect(test.events.find(({ type }) => type === 'login.failed')).toMatchObject({
      provider: 'github',
      reason: 'access_denied',
    })
  })

  it('UP-01 a callback that no login stands behind is a failed login in the audit log', async () => {
    const { browser, test } = serverWithProviders()
    const url = callbackUrl(await leaveFor(browser, 'github'), 'github', { code: 'alice' })
    await browser.send(callbackUrl(new URL(url), 'github', { code: 'alice', state: 'A'.repeat(43) }))
    await createBrowser(test.server).send(url)
    await browser.send(`${url}&error=access_denied`)
    expect(test.events.filter(({ type }) => type === 'login.failed')).toMatchObject([
      { message: 'the state is unknown, was used before or has expired' },
      { message: 'the sign-in was started in another browser' },
      { message: 'there is both a code and an error' },
    ])
    for (const event of test.events.filter(({ type }) => type === 'login.failed'))
      expect(event).toMatchObject({ provider: 'github', reason: 'invalid_sign_in', ip: '192.0.2.1' })
    // A probe by HEAD is no login.
    await browser.send(url, { method: 'HEAD' })
    expect(test.events.filter(({ type }) => type === 'login.failed')).toHaveLength(3)
  })

  it('UP-01 an unknown, missing or altered state is refused before anything is asked', async () => {
    const { browser, github } = serverWithProviders()
    const left = await leaveFor(browser, 'github')
    const state = left.searchParams.get('state') ?? ''
    for (const wrong of [
      '',
      'x',
      state.slice(1),
      `${state}x`,
      state.toUpperCase(),
      'A'.repeat(43),
      'A'.repeat(9999),
    ])
      expectLocalErrorPage(await browser.send(callbackUrl(left, 'github', { code: 'alice', state: wrong })))
    expectLocalErrorPage(await browser.send(`${issuer}/callback/github?code=alice`))
    expectLocalErrorPage(await browser.send(`${issuer}/callback/github`))
    expect(github.finished).toEqual([])
    // None of it has used up the right one.
    const { location } = await browser.send(callbackUrl(left, 'github', { code: 'alice' }))
    expect(location?.searchParams.get('code')).toBeTruthy()
  })

  it('UP-01 a state counts once, also for two callbacks at the same time', async () => {
    const { browser, github } = serverWithProviders()
    const url = callbackUrl(await leaveFor(browser, 'github'), 'github', { code: 'alice' })
    const landings = await Promise.all([browser.send(url), browser.send(url), browser.send(url)])
    expect(landings.filter(({ location }) => location?.searchParams.get('code'))).toHaveLength(1)
    expectLocalErrorPage(await browser.send(url))
    expect(github.finished).toHaveLength(1)
  })

  it('UP-03 the right state in another browser is refused, and stays good in its own', async () => {
    const { browser, test, github } = serverWithProviders()
    const url = callbackUrl(await leaveFor(browser, 'github'), 'github', { code: 'alice' })
    const victim = createBrowser(test.server)
    expectLocalErrorPage(await victim.send(url))
    // A browser that is on a trip of its own has a cookie, but not this one.
    await leaveFor(victim, 'github')
    expectLocalErrorPage(await victim.send(url))
    expect(github.finished).toEqual([])
    expect((await browser.send(url)).location?.searchParams.get('code')).toBeTruthy()
  })

  it('UP-04 a state of one provider is refused at the callback of another', async () => {
    const { browser, other } = serverWithProviders()
    const left = await leaveFor(browser, 'github')
    expectLocalErrorPage(await browser.send(callbackUrl(left, 'other', { code: 'alice' })))
    expect(other.finished).toEqual([])
  })

  it('UP-05 a state that is older than ten minutes is refused', async () => {
    const { browser, test, github } = serverWithProviders()
    const left = await leaveFor(browser, 'github')
    test.clock.advance(600)
    expectLocalErrorPage(await browser.send(callbackUrl(left, 'github', { code: 'alice' })))
    expect(github.finished).toEqual([])
  })

  it('UP-21 both code and error, or a parameter twice, is refused', async () => {
    const { browser, github } = serverWithProviders()
    const left = await leaveFor(browser, 'github')
    const both = callbackUrl(left, 'github', { code: 'alice', error: 'access_denied' })
    expectLocalErrorPage(await browser.send(both))
    const url = callbackUrl(left, 'github', { code: 'alice' })
    for (const twice of ['code=bob', `state=${left.searchParams.get('state')}`, 'iss=a&iss=b'])
      expectLocalErrorPage(await browser.send(`${url}&${twice}`))
    expect(github.finished).toEqual([])
  })

  it('UP-27 two tabs that log in at once both finish', async () => {
    const { browser } = serverWithProviders()
    const first = await leaveFor(browser, 'github', { state: 'tab-1' })
    const second = await leaveFor(browser, 'other', { state: 'tab-2' })
    const done = [
      await browser.send(callbackUrl(first, 'github', { code: 'alice' })),
      await browser.send(callbackUrl(second, 'other', { code: 'alice' })),
    ]
    expect(done.map(({ location }) => location?.searchParams.get('state'))).toEqual(['tab-1', 'tab-2'])
    for (const { location } of done) expect(location?.searchParams.get('code')).toBeTruthy()
  })

  it('UP-27 two tabs that log in as different people each get what that person granted', async () => {
    const { browser, test } = serverWithProviders()
    const first = await leaveFor(browser, 'github')
    const second = await leaveFor(browser, 'other')
    await browser.send(callbackUrl(first, 'github', { code: 'alice' }))
    await browser.send(callbackUrl(second, 'other', { code: 'bob' }))
    const issued = test.events.filter(({ type }) => type === 'authorization_code.issued')
    expect(issued.map(({ subject }) => subject)).toEqual(['alice', 'bob'])
  })

  it('CO-06 the session before the login is dead after it', async () => {
    const { browser, test } = serverWithProviders()
    await logIn(browser, (await authorize(browser)).body, 'bob')
    test.clock.advance(1)
    const before = new Map(browser.cookies)
    const left = await leaveFor(browser, 'github', { prompt: 'login' })
    await browser.send(callbackUrl(left, 'github', { code: 'alice' }))
    const old = createBrowser(test.server)
    for (const [name, value] of before) old.cookies.set(name, value)
    expectForm(await authorize(old), 'login')
  })

  it('CO-21 sixty trips of one browser need no more room in its cookies than one', async () => {
    const { browser } = serverWithProviders()
    const size = () => [...browser.cookies].flat().join('').length
    await leaveFor(browser, 'github')
    const one = size()
    for (let trip = 0; trip < 60; trip++) await leaveFor(browser, 'github')
    expect(size()).toBe(one)
  })

  it('a HEAD request uses nothing up', async () => {
    const { browser } = serverWithProviders()
    const url = callbackUrl(await leaveFor(browser, 'github'), 'github', { code: 'alice' })
    expect((await browser.send(url, { method: 'HEAD' })).response.status).toBe(200)
    expect((await browser.send(url)).location?.searchParams.get('code')).toBeTruthy()
  })

  it('UP-23 a table that leaks shows neither the state nor the handle, the verifier or the approval', async () => {
    const { browser, test } = serverWithProviders()
    const left = await leaveFor(browser, 'github')
    const state = left.searchParams.get('state') ?? ''
    const { createHash } = await import('node:crypto')
    const id = createHash('sha256').update(state).digest('base64url')
    const partition = `${cookieHash(browser.cookies)}:t:${id}`
    const [stored] = await test.storage.get([{ partition, collection: 'trips', id }], test.clock.now())
    expect(Object.keys(stored?.value as object)).toEqual(['schema', 'sealed'])
    expect(JSON.stringify(stored)).not.toMatch(new RegExp(`${state}|read:application|github`))
  })
})

describe('loginWith', () => {
  it('UP-32 an account that was made at a provider does not open by an empty password', async () => {
    // The mistake of a user store: no password compares equal to an empty one.
    const careless = password(async (name, secret) => (secret === '' ? name : undefined))
    const { browser } = serverWithProviders({
      interaction: loginWith([fakeProvider('github').provider, careless], { onLogin: async () => 'alice' }),
    })
    const landing = await logIn(browser, (await authorize(browser)).body, 'alice', '')
    expect(landing.response.status).toBe(401)
    expect(landing.body).toContain('The user name or the password is wrong.')
    // The other ways in are still offered.
    expect(formOf(landing.body, 'providers').action).toBeTruthy()
  })

  it('UP-31 refuses providers without onLogin, two of one id, and ids that are no path', () => {
    const { provider } = fakeProvider('github')
    const onLogin = async () => 'alice'
    expect(() => loginWith([provider])).toThrow('onLogin')
    expect(() => loginWith([provider, fakeProvider('github').provider], { onLogin })).toThrow('two providers')
    expect(() => loginWith([])).toThrow('at least one way')
    for (const id of ['', 'Git Hub', '../x', 'a/b', '__proto__', 'é', '-a'])
      expect(() => loginWith([{ ...provider, id }], { onLogin }), id).toThrow('lower-case')
  })

  it('shows a logo that the page can show, and the first letter otherwise', async () => {
    const logos: Readonly<Record<string, string | undefined>> = {
      'data:image/svg+xml,x': 'src="data:image/svg+xml,x"',
      '/logos/a.svg': 'src="/logos/a.svg"',
      'https://cdn.example.net/a.png': undefined,
      '//evil.example/a.png': undefined,
      'javascript:alert(1)': undefined,
    }
    for (const [logo, shown] of Object.entries(logos)) {
      const { provider } = fakeProvider('github', { logo: async () => logo })
      const interaction = loginWith([provider, fakeProvider('other').provider], {
        onLogin: async () => 'alice',
      })
      const { body } = await authorize(serverWithProviders({ interaction }).browser)
      if (shown === undefined) expect(body).not.toContain('<img')
      else expect(body).toContain(shown)
    }
    const { provider } = fakeProvider('github', { logo: () => Promise.reject(new Error('down')) })
    const interaction = loginWith([provider, fakeProvider('other').provider], {
      onLogin: async () => 'alice',
    })
    expect((await authorize(serverWithProviders({ interaction }).browser)).body).toContain('>G</span>')
  })
})

function cookieHash(cookies: ReadonlyMap<string, string>): string | undefined {
  return [...cookies.keys()].map((name) => /gatewright-([\w-]{11})(?:-trip)?$/.exec(name)?.[1]).find(Boolean)
}
