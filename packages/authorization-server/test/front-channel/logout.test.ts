// OpenID Connect RP-Initiated Logout 1.0: https://openid.net/specs/openid-connect-rpinitiated-1_0.html
import { describe, expect, it } from 'vitest'
import { createBrowser, formOf } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage, expectPageHeaders } from '../support/expectations.ts'
import { authorize, isActive, refresh, toQuery } from '../support/flow.ts'
import type { Browser } from '../support/flow.ts'
import { registerClient } from '../support/register-client.ts'
import { afterLogout, logoutServer, signedInAtWiki, wiki } from '../support/logout.ts'
import { issuer, testServer } from '../support/test-server.ts'

const logout = (browser: Browser, parameters: Readonly<Record<string, string | undefined>> = {}) =>
  browser.send(`${issuer}/logout?${toQuery(parameters)}`)

const isSignedIn = async (browser: Browser) => !(await authorize(browser)).body.includes('id="login"')

function decide(browser: Browser, page: string, decision: string) {
  const form = formOf(page, 'logout')
  form.fields.set('decision', decision)
  return browser.submit(form)
}

describe('a logout that a client asks for', () => {
  it('LO-01 with an ID token of the session happens at once and leads back to the client, with its state', async () => {
    const { browser, idToken } = await signedInAtWiki()
    // Who has the cookie of the session, and not only the browser that forgets it.
    const copy = createBrowser(browser.handler)
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
    const { response, location } = await logout(browser, {
      id_token_hint: idToken,
      post_logout_redirect_uri: afterLogout,
      state: 's&1',
    })
    expect(response.status).toBe(303)
    expect(location?.href).toBe(`${afterLogout}?state=s%261`)
    for (const each of [browser, copy]) expect(await isSignedIn(each)).toBe(false)
  })

  it('LO-01 by a form works like one by a link, though the browser sends no cookie with the form of another site', async () => {
    const { browser, idToken } = await signedInAtWiki()
    const cookies = new Map(browser.cookies)
    browser.cookies.clear()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = toQuery({ id_token_hint: idToken, post_logout_redirect_uri: afterLogout })
    const request = new Request(`${issuer}/logout`, { method: 'POST', headers, body })
    const response = await browser.handler.handle(request, {})
    expect(response?.headers.getSetCookie()).toEqual([])
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    const { location } = await browser.send(response?.headers.get('location') ?? '')
    expect(location?.href).toBe(afterLogout)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('LO-03 without an ID token is one that any site could cause: the user is asked, and stays signed in until then', async () => {
    const { browser } = await signedInAtWiki()
    for (const parameters of [
      {},
      { client_id: wiki.client_id },
      { client_id: wiki.client_id, post_logout_redirect_uri: afterLogout },
    ]) {
      const page = await logout(browser, parameters)
      expectPageHeaders(page.response)
      expect(page.body).toContain('<form id="logout"')
      expect(await isSignedIn(browser)).toBe(true)
    }
    const page = await logout(browser, { client_id: wiki.client_id, post_logout_redirect_uri: afterLogout })
    expect(page.body).toContain('<bdi>Wiki</bdi> asks to sign you out.')
    expect(page.body).toContain('<bdi>Alice</bdi>')
    const { location } = await decide(browser, page.body, 'sign-out')
    expect(location?.href).toBe(afterLogout)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('LO-03 is over when the user decides to stay', async () => {
    const { browser } = await signedInAtWiki()
    const page = await logout(browser)
    const stayed = await decide(browser, page.body, 'stay')
    expect(stayed.body).toContain('You are still signed in')
    expect(await isSignedIn(browser)).toBe(true)
    expectLocalErrorPage(await decide(browser, page.body, 'sign-out'))
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('LO-03 cannot be confirmed by a form of another site', async () => {
    const { browser } = await signedInAtWiki()
    const form = formOf((await logout(browser)).body, 'logout')
    form.fields.set('decision', 'sign-out')
    form.fields.set('csrf', 'A'.repeat(43))
    expectLocalErrorPage(await browser.submit(form), 403)
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('LO-04 a hint of another user, of another session or with a bad signature counts for nothing', async () => {
    const { test, browser, idToken } = await signedInAtWiki()
    const bob = await signedInAtWiki({ test, username: 'bob' })
    const elsewhere = await signedInAtWiki({ test })
    const [head, body, signature = ''] = idToken.split('.')
    const garbled = `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    const unsigned = `${btoa('{"alg":"none","typ":"JWT"}')}.${body}.`
    for (const hint of [bob.idToken, elsewhere.idToken, garbled, unsigned, elsewhere.accessToken, 'x']) {
      const page = await logout(browser, { id_token_hint: hint })
      expect(page.body).toContain('<form id="logout"')
      expect(await isSignedIn(browser)).toBe(true)
    }
  })

  it('LO-04 a hint that has expired counts: sessions outlive ID tokens', async () => {
    const { test, browser, idToken } = await signedInAtWiki()
    test.clock.advance(20_000)
    const { location } = await logout(browser, {
      id_token_hint: idToken,
      post_logout_redirect_uri: afterLogout,
    })
    expect(location?.href).toBe(afterLogout)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('LO-01 leads nowhere that the client did not register, and then ends nothing', async () => {
    const { browser, idToken } = await signedInAtWiki()
    for (const parameters of [
      { id_token_hint: idToken, post_logout_redirect_uri: `${afterLogout}/` },
      { id_token_hint: idToken, post_logout_redirect_uri: 'https://evil.example/' },
      { post_logout_redirect_uri: afterLogout },
      { client_id: 'nobody', post_logout_redirect_uri: afterLogout },
      { client_id: 'web', post_logout_redirect_uri: afterLogout },
      { id_token_hint: idToken, client_id: 'web' },
    ])
      expectLocalErrorPage(await logout(browser, parameters))
    const repeated = `${toQuery({ id_token_hint: idToken, state: '1' })}&state=2`
    expectLocalErrorPage(await browser.send(`${issuer}/logout?${repeated}`))
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('is no open redirector of a client that registered itself, for visitors who are not signed in', async () => {
    const test = logoutServer()
    const clientId = await registerClient(test, {
      redirect_uris: ['https://evil.example/cb'],
      post_logout_redirect_uris: ['https://evil.example/'],
    })
    const request = { client_id: clientId, post_logout_redirect_uri: 'https://evil.example/' }
    const stranger = await logout(createBrowser(test.server), request)
    expect(stranger.location).toBeUndefined()
    expect(stranger.body).toContain('You are signed out')
    const own = await logout(createBrowser(test.server), {
      client_id: wiki.client_id,
      post_logout_redirect_uri: afterLogout,
    })
    expect(own.location?.href).toBe(afterLogout)
  })

  it('LO-09 is not cached, and changes no cookie but ours', async () => {
    const { browser, idToken } = await signedInAtWiki()
    browser.cookies.set('theirs', '1')
    const { response } = await logout(browser, { id_token_hint: idToken })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('clear-site-data')).toBeNull()
    const set = response.headers.getSetCookie()
    expect(set).toHaveLength(1)
    expect(set[0]).toMatch(/^__Host-gatewright-/)
    expect(browser.cookies.get('theirs')).toBe('1')
    const again = await signedInAtWiki()
    const led = await logout(again.browser, {
      id_token_hint: again.idToken,
      post_logout_redirect_uri: afterLogout,
    })
    expect(led.response.status).toBe(303)
    expect(led.response.headers.get('cache-control')).toBe('no-store')
  })

  it('is described by the metadata, and can be left out', async () => {
    const { server } = logoutServer()
    expect(await server.metadata()).toMatchObject({
      end_session_endpoint: `${issuer}/logout`,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    })
    const without = testServer({ endpoints: [] }).server
    expect(await without.metadata()).not.toHaveProperty('end_session_endpoint')
    expect(await without.handle(new Request(`${issuer}/logout`))).toBeUndefined()
  })
})

describe('what ends with a session', () => {
  it('RT-17 a grant for the identity of the user ends, and with it its access and refresh tokens', async () => {
    const { test, browser, idToken, accessToken, refreshToken } = await signedInAtWiki()
    await logout(browser, { id_token_hint: idToken })
    expect(await isActive(test, accessToken)).toBe(false)
    const answer = await refresh(test, refreshToken, { client_id: 'wiki', client_secret: 'wiki-secret' })
    expect(answer.json.error).toBe('invalid_grant')
  })

  it('RT-17 one with offline_access stays', async () => {
    const { test, browser, idToken, accessToken } = await signedInAtWiki({
      scope: 'openid read:application offline_access',
    })
    await logout(browser, { id_token_hint: idToken })
    expect(await isActive(test, accessToken)).toBe(true)
  })

  it('RT-17 one of an app that does not know who the user is stays, until the user disconnects it', async () => {
    const { test, browser, idToken } = await signedInAtWiki()
    const app = await signedInAtWiki({ test, browser, scope: 'read:application' })
    await logout(browser, { id_token_hint: idToken })
    expect(await isActive(test, app.accessToken)).toBe(true)
  })

  it('RT-17 a logout by another client or on the account page ends it as well', async () => {
    const { test, browser, accessToken } = await signedInAtWiki()
    const form = formOf((await browser.send(`${issuer}/account`)).body, 'sign-out')
    form.fields.set('decision', 'sign-out')
    await browser.submit(form)
    expect(await isActive(test, accessToken)).toBe(false)
  })

  it('a code that was issued in the session and not redeemed buys nothing any more', async () => {
    const { test, browser, idToken } = await signedInAtWiki()
    const pending = await signedInAtWiki({ test, browser, stopAtCode: true })
    await logout(browser, { id_token_hint: idToken })
    expect((await pending.redeem()).json.error).toBe('invalid_grant')
  })

  it('a user who signs in once more keeps the id of the session; another user ends it', async () => {
    const { test, browser, accessToken, claims } = await signedInAtWiki()
    test.clock.advance(60)
    const again = await signedInAtWiki({ test, browser, overrides: { prompt: 'login' } })
    expect(again.claims.sid).toBe(claims.sid)
    expect(again.claims.auth_time).not.toBe(claims.auth_time)
    expect(await isActive(test, accessToken)).toBe(true)
    test.clock.advance(60)
    const bob = await signedInAtWiki({ test, browser, username: 'bob', overrides: { prompt: 'login' } })
    expect(bob.claims.sid).not.toBe(claims.sid)
    expect(await isActive(test, accessToken)).toBe(false)
    expect(await isActive(test, bob.accessToken)).toBe(true)
  })

  it('expects its form where it was shown', async () => {
    const { browser } = await signedInAtWiki()
    const other = await signedInAtWiki({ username: 'bob' })
    const form = formOf((await logout(browser)).body, 'logout')
    form.fields.set('decision', 'sign-out')
    expectLocalErrorPage(await other.browser.submit(form), 400)
    expectForm(await authorize(other.browser), 'consent')
  })
})
