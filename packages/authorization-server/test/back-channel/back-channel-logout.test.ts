// OpenID Connect Back-Channel Logout 1.0: https://openid.net/specs/openid-connect-backchannel-1_0.html
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { externalKeys, registered } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions } from '@gatewright/authorization-server'
import { formOf } from '../support/browser.ts'
import { isActive, toQuery } from '../support/flow.ts'
import type { Browser } from '../support/flow.ts'
import { logoutServer, signedInAtWiki, wiki } from '../support/logout.ts'
import { register } from '../support/registration.ts'
import { signerOf } from '../support/signers.ts'
import { issuer, testClock, testServer } from '../support/test-server.ts'

/** A server whose requests to clients are recorded and answered by `answer`. */
function notifying(
  answer: (request: Request) => Promise<Response> = async () => new Response(),
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  const clock = testClock()
  const received: Request[] = []
  const runtime = {
    now: clock.now,
    randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init)
      received.push(request.clone())
      return answer(request)
    },
  }
  return { test: { ...logoutServer({ runtime, ...overrides }), clock }, received }
}

const signOut = (browser: Browser, idToken: string) =>
  browser.send(`${issuer}/logout?${toQuery({ id_token_hint: idToken })}`)

describe('the logout token', () => {
  it('LO-06 says to each client of the session who is signed out, and is good for nothing else', async () => {
    const { test, received } = notifying()
    const { browser, idToken, claims } = await signedInAtWiki({ test })
    await signedInAtWiki({ test, browser })
    await signedInAtWiki({ test, browser, clientId: 'notes' })
    await signOut(browser, idToken)
    expect(received.map(({ url }) => url).toSorted()).toEqual([
      'https://notes.example.com/out',
      'https://wiki.example.com/logged-out',
    ])
    const request = received.find(({ url }) => url.includes('wiki'))
    expect(request?.method).toBe('POST')
    expect(request?.redirect).toBe('manual')
    expect(request?.headers.get('content-type')).toBe('application/x-www-form-urlencoded')
    expect(request?.headers.get('cookie')).toBeNull()
    const form = new URLSearchParams(await request?.text())
    expect([...form.keys()]).toEqual(['logout_token'])
    const token = form.get('logout_token') ?? ''
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'logout+jwt', alg: 'ES256' })
    const { payload } = await jwtVerify(token, createLocalJWKSet(await test.server.jwks()), {
      currentDate: new Date(test.clock.now()),
    })
    const now = test.clock.now() / 1000
    expect(payload).toEqual({
      iss: issuer,
      aud: 'wiki',
      sub: 'alice',
      sid: claims.sid,
      iat: now,
      exp: now + 120,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
  })

  it('is signed with the algorithm that the client is registered for, as its ID tokens are', async () => {
    const { test, received } = notifying(undefined, {
      keys: externalKeys(await signerOf('ES256'), await signerOf('RS256')),
      clients: [registered({ ...wiki, id_token_signed_response_alg: 'RS256' })],
    })
    const { browser, idToken } = await signedInAtWiki({ test })
    expect(decodeProtectedHeader(idToken).alg).toBe('RS256')
    await signOut(browser, idToken)
    const token = new URLSearchParams(await received[0]?.text()).get('logout_token') ?? ''
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'logout+jwt', alg: 'RS256' })
  })

  it('LO-06 has an id of its own each time', async () => {
    const { test, received } = notifying()
    for (let round = 0; round < 2; round++) {
      const { browser, idToken } = await signedInAtWiki({ test })
      await signOut(browser, idToken)
    }
    const ids = await Promise.all(
      received.map(async (request) => {
        const token = new URLSearchParams(await request.text()).get('logout_token') ?? ''
        return decodeJwt(token).jti
      }),
    )
    expect(new Set(ids).size).toBe(2)
  })

  it('LO-06 waits for no client longer than five seconds', { timeout: 15_000 }, async () => {
    const { test } = notifying(() => new Promise(() => {}))
    const { browser, idToken, accessToken } = await signedInAtWiki({ test })
    const started = performance.now()
    await signOut(browser, idToken)
    expect(performance.now() - started).toBeLessThan(8000)
    expect(await isActive(test, accessToken)).toBe(false)
    expect(test.events.find(({ type }) => type === 'logout.notification_failed')).toMatchObject({
      reason: 'not_reached',
    })
  })

  it('LO-06 is no ID token: as a hint it signs nobody out', async () => {
    const { test, received } = notifying()
    const first = await signedInAtWiki({ test })
    await signOut(first.browser, first.idToken)
    const token = new URLSearchParams(await received[0]?.text()).get('logout_token') ?? ''
    const second = await signedInAtWiki({ test })
    expect((await signOut(second.browser, token)).body).toContain('<form id="logout"')
  })

  it('LO-06 comes after the end: who asks when it arrives sees that nothing works any more', async () => {
    const states: boolean[] = []
    const { test } = notifying(async () => {
      states.push(await isActive(test, accessToken))
      return new Response()
    })
    const { browser, idToken, accessToken } = await signedInAtWiki({ test })
    await signOut(browser, idToken)
    expect(states).toEqual([false])
  })

  it.each([
    ['refuses', async () => new Response(null, { status: 400 }), 'status 400'],
    ['cannot be reached', () => Promise.reject(new Error('down')), 'not_reached'],
    [
      'redirects to the inside',
      async () => new Response(null, { status: 307, headers: { location: 'http://169.254.169.254/' } }),
      'not_reached',
    ],
  ])(
    'LO-06 a client that %s holds no logout up, and the operator learns of it',
    async (_, answer, reason) => {
      const { test, received } = notifying(answer)
      const { browser, idToken, accessToken } = await signedInAtWiki({ test })
      const { body } = await signOut(browser, idToken)
      expect(body).toContain('You are signed out')
      expect(await isActive(test, accessToken)).toBe(false)
      expect(received).toHaveLength(1)
      expect(test.events.find(({ type }) => type === 'logout.notification_failed')).toMatchObject({
        clientId: 'wiki',
        subject: 'alice',
        reason,
      })
    },
  )

  it('LO-06 is sent for a logout on the account page, and for another user who signs in at the browser', async () => {
    const { test, received } = notifying()
    const { browser } = await signedInAtWiki({ test })
    const form = formOf((await browser.send(`${issuer}/account`)).body, 'sign-out')
    form.fields.set('decision', 'sign-out')
    await browser.submit(form)
    expect(received).toHaveLength(1)
    await signedInAtWiki({ test, browser })
    test.clock.advance(60)
    await signedInAtWiki({ test, browser, username: 'bob', overrides: { prompt: 'login' } })
    expect(received).toHaveLength(2)
    expect(test.events.filter(({ type }) => type === 'logout.notified')).toHaveLength(2)
  })

  it('is not sent to clients that were not told who the user is', async () => {
    const { test, received } = notifying()
    const { browser, idToken } = await signedInAtWiki({ test })
    await signedInAtWiki({ test, browser, clientId: 'notes', scope: 'read:application' })
    await signOut(browser, idToken)
    expect(received.map(({ url }) => url)).toEqual(['https://wiki.example.com/logged-out'])
  })
})

describe('the registration of logout URIs', () => {
  const redirect_uris = ['https://tools.example.net/cb']

  it.each([
    'http://tools.example.net/out',
    'https://127.0.0.1/out',
    'https://localhost/out',
    'https://[::1]/out',
    'https://10.0.0.1/out',
    'https://169.254.169.254/out',
    'https://[::ffff:10.0.0.1]/out',
    'https://2130706433/out',
    'https://tools.example.net/out#x',
    'https://user:pass@tools.example.net/out',
    'ftp://tools.example.net/out',
    'x',
    42,
  ])('LO-08 refuses a stranger whose backchannel_logout_uri is %s', async (uri) => {
    const { status, json } = await register(testServer(), { redirect_uris, backchannel_logout_uri: uri })
    expect([status, json.error]).toEqual([400, 'invalid_client_metadata'])
  })

  it('LO-08 keeps one on the internet', async () => {
    const uri = 'https://tools.example.net/out'
    const { status, json } = await register(testServer(), { redirect_uris, backchannel_logout_uri: uri })
    expect([status, json.backchannel_logout_uri]).toEqual([201, uri])
  })

  it.each(['javascript:alert(1)', 'http://tools.example.net/', 'https://*.example.net/', '/bye', 1])(
    'refuses the post-logout redirect URI %s',
    async (uri) => {
      const metadata = { redirect_uris, post_logout_redirect_uris: [uri] }
      expect((await register(testServer(), metadata)).status).toBe(400)
      expect(() => registered({ ...wiki, post_logout_redirect_uris: [String(uri)] })).toThrow(
        /post-logout redirect URI/,
      )
    },
  )

  it('LO-08 tells the operator what is wrong, and lets a server of the same house be one', () => {
    expect(() => registered({ ...wiki, backchannel_logout_uri: 'http://wiki.example.com/out' })).toThrow(
      'client "wiki": backchannel_logout_uri "http://wiki.example.com/out": it must be an https URL',
    )
    for (const uri of ['https://10.0.0.1/out', 'http://127.0.0.1:8080/out'])
      expect(() => registered({ ...wiki, backchannel_logout_uri: uri })).not.toThrow()
  })
})
