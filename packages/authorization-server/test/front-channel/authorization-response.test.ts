// RFC 6749 §4.1.2 and RFC 9207 §2
import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage, expectRedirectError } from '../support/expectations.ts'
import { authorize, logIn, obtainCode } from '../support/flow.ts'
import { registerClient } from '../support/register-client.ts'
import { testServer } from '../support/test-server.ts'

describe('the authorization response', () => {
  it('AZ-32 success and error carry exactly one iss, the issuer of the metadata', async () => {
    const test = testServer()
    const { issuer: announced, authorization_response_iss_parameter_supported: supported } =
      await test.server.metadata()
    expect(supported).toBe(true)
    const { location } = await obtainCode(test)
    expect(location?.searchParams.getAll('iss')).toEqual([announced])
    const refused = await authorize(createBrowser(test.server), { scope: 'unknown' })
    expect(refused.location?.searchParams.getAll('iss')).toEqual([announced])
  })

  it('AZ-34 a registered query survives, and the answer is added to it', async () => {
    const test = testServer()
    const webq = { client_id: 'webq', redirect_uri: 'https://app.example.com/cb?tenant=1' }
    const { location, code } = await obtainCode(test, webq)
    expect(location?.href).toMatch(/^https:\/\/app\.example\.com\/cb\?tenant=1&code=[^?#]*$/)
    expect(location?.searchParams.getAll('code')).toEqual([code])
    const refused = await authorize(createBrowser(test.server), { ...webq, scope: 'unknown' })
    expect(refused.location?.href).toMatch(/^https:\/\/app\.example\.com\/cb\?tenant=1&error=[^?#]*$/)
  })

  it('AZ-34 a private-use redirect URI is answered as it was registered', async () => {
    const redirectUri = 'com.example.app:/oauth2redirect'
    const { location } = await obtainCode(testServer(), { client_id: 'pub', redirect_uri: redirectUri })
    expect(location?.href).toMatch(/^com\.example\.app:\/oauth2redirect\?code=/)
  })

  it('the redirect is a 303 that no cache keeps and that tells the client nothing of the page before', async () => {
    const test = testServer()
    const { browser } = await obtainCode(test)
    const { response } = await authorize(browser, {
      client_id: 'first-party',
      redirect_uri: 'https://app.example.com/cb',
    })
    expect(response.status).toBe(303)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('AZ-43 codes are unique, URL-safe and say nothing about the user or the request', async () => {
    const test = testServer()
    const { browser } = await obtainCode(test)
    const request = { client_id: 'first-party', redirect_uri: 'https://app.example.com/cb' }
    const codes = new Set<string>()
    const secrets = new Set<string>()
    for (let round = 0; round < 1000; round++) {
      const { location } = await authorize(browser, request)
      const code = location?.searchParams.get('code') ?? ''
      codes.add(code)
      secrets.add(code.slice(23))
      expect(code).toMatch(/^[\w-]{22}\.[\w-]{43}$/)
      expect(`${atob(code.slice(0, 20).replaceAll('-', '+').replaceAll('_', '/'))}${code}`).not.toContain(
        'alice',
      )
    }
    expect(codes.size).toBe(1000)
    expect(secrets.size).toBe(1000)
    // 256 secret bits: about 43 × 1000 / 64 of each character are to be expected.
    const counts = new Map<string, number>()
    for (const character of [...secrets].join('')) counts.set(character, (counts.get(character) ?? 0) + 1)
    expect(counts.size).toBe(64)
  })

  it('PK-17 the challenge is not in the code, nor in the redirect, nor in any event', async () => {
    const test = testServer()
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    const { code, location } = await obtainCode(test, { code_challenge: challenge })
    expect(`${code}${location?.href}`).not.toContain(challenge)
    expect(JSON.stringify(test.events)).not.toContain(challenge)
  })
})

describe('errors of clients that nobody vouched for', () => {
  const redirectUri = 'https://tools.example.net/cb'

  it('AZ-36 a self-registered web client gets no redirect before the user has logged in', async () => {
    const test = testServer()
    const clientId = await registerClient(test, { redirect_uris: [redirectUri] })
    const request = { client_id: clientId, redirect_uri: redirectUri, scope: 'unknown' }
    const landing = await authorize(createBrowser(test.server), request)
    expectLocalErrorPage(landing)
    expect(landing.body).not.toContain('tools.example.net')
    // A made-up cookie is no login.
    const forged = createBrowser(test.server)
    expectForm(await authorize(forged), 'login')
    expectLocalErrorPage(await authorize(forged, request))
    const { browser } = await obtainCode(test)
    expectRedirectError(await authorize(browser, request), 'invalid_scope', { to: redirectUri })
  })

  it('AZ-36 a self-registered private-use redirect URI gets none either', async () => {
    const test = testServer()
    const custom = 'com.evil.app://accounts.example.com/cb'
    const clientId = await registerClient(test, { redirect_uris: [custom] })
    const request = { client_id: clientId, redirect_uri: custom, scope: 'unknown' }
    expectLocalErrorPage(await authorize(createBrowser(test.server), request))
  })

  it('AZ-36 a program on the own machine may be told at once', async () => {
    const test = testServer()
    const clientId = await registerClient(test, { redirect_uris: ['http://127.0.0.1/callback'] })
    const request = { client_id: clientId, scope: 'unknown' }
    expectRedirectError(await authorize(createBrowser(test.server), request), 'invalid_scope')
  })

  it('AZ-36 the code goes to a self-registered web client once the user has approved it', async () => {
    const test = testServer()
    const clientId = await registerClient(test, { redirect_uris: [redirectUri] })
    const { location } = await obtainCode(test, { client_id: clientId, redirect_uri: redirectUri })
    expect(location?.origin).toBe('https://tools.example.net')
  })
})

describe('an authorization request whose client changes meanwhile', () => {
  it('AZ-40 ends with a page when the client or its redirect URI is gone', async () => {
    const sound = registered({ client_id: 'app', redirect_uris: ['https://app.example.com/cb'] })
    const moved = registered({ client_id: 'app', redirect_uris: ['https://app.example.com/other'] })
    for (const later of [moved, registered()]) {
      let source = sound
      const test = testServer({
        clients: [{ name: 'database', find: (id, server) => source.find(id, server) }],
      })
      const browser = createBrowser(test.server)
      const request = { client_id: 'app', redirect_uri: 'https://app.example.com/cb' }
      const page = await authorize(browser, request)
      source = later
      expectLocalErrorPage(await logIn(browser, page.body))
    }
  })
})
