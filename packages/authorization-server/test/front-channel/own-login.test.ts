// An Interaction that brings a login and a session of its own
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage, expectRedirectError } from '../support/expectations.ts'
import { approve, authorizationParameters, authorize, claimsOf, redeem } from '../support/flow.ts'
import { createPortal } from '../support/portal.ts'
import { issuer, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'

const firstParty = { client_id: 'first-party', redirect_uri: 'https://app.example.com/cb' }
const toFirstParty = { to: firstParty.redirect_uri }

function withPortal() {
  const portal = createPortal()
  const test = testServer({ interaction: portal.interaction })
  const browser = createBrowser(test.server)
  const logInAs = (subject: string) => {
    portal.sessions.set(subject, { subject, authenticatedAt: test.clock.now() })
    browser.cookies.set('portal', subject)
  }
  return { test, portal, browser, logInAs }
}

const subjectOf = async ({ server }: TestServer, browser: ReturnType<typeof createBrowser>) => {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return (await server.session(new Request(issuer, { headers: { cookie } })))?.subject
}

describe('an Interaction with a login of its own', () => {
  it('sends the browser to its login and goes on where the request was', async () => {
    const { browser, logInAs } = withPortal()
    const { location } = await authorize(browser)
    expect(location?.origin).toBe('https://portal.example.com')
    logInAs('alice')
    const consent = await browser.send(location?.searchParams.get('return') ?? '')
    expectForm(consent, 'consent')
    expect((await approve(browser, consent.body)).location?.searchParams.get('code')).toBeTruthy()
  })

  it('may set cookies of its own without losing ours, which the form depends on', async () => {
    const { test, browser, logInAs } = withPortal()
    await authorize(browser)
    expect([...browser.cookies.keys()]).toEqual([
      'portal_state',
      expect.stringMatching(/^__Host-gatewright-/),
    ])
    logInAs('alice')
    const consent = await authorize(browser)
    expect([...browser.cookies.keys()]).toContain('portal_seen')
    expect((await approve(browser, consent.body)).location?.searchParams.get('code')).toBeTruthy()
    expect(await subjectOf(test, browser)).toBe('alice')
  })

  it('CO-01 its pages are protected like ours, where they do not say otherwise', async () => {
    const { browser, logInAs } = withPortal()
    logInAs('alice')
    const { response } = await authorize(browser)
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const portal = createPortal()
    const headers = { 'referrer-policy': 'same-origin', 'cache-control': 'private, no-store' }
    const authenticate = async () => new Response('own page', { status: 401, headers })
    const test = testServer({ interaction: { ...portal.interaction, authenticate } })
    const own = await authorize(createBrowser(test.server))
    expect([own.response.status, own.body]).toEqual([401, 'own page'])
    expect(own.response.headers.get('referrer-policy')).toBe('same-origin')
    expect(own.response.headers.get('cache-control')).toBe('private, no-store')
  })

  it('CO-06 sets one cookie of ours when it knows the user at the first visit', async () => {
    const { test, browser, logInAs } = withPortal()
    logInAs('alice')
    const { query } = await authorizationParameters()
    const request = new Request(`${issuer}/authorize?${query}`, { headers: { cookie: 'portal=alice' } })
    const response = await test.server.handle(request)
    expect(response?.headers.getSetCookie()).toHaveLength(1)
    expectForm(await browser.send(response?.headers.get('location') ?? ''), 'consent')
  })

  it('CO-13 a change of its user changes the session, and the page of the user before is void', async () => {
    const { test, browser, logInAs } = withPortal()
    logInAs('alice')
    const consent = await authorize(browser)
    logInAs('bob')
    expectForm(await authorize(browser), 'consent')
    expect(await subjectOf(test, browser)).toBe('bob')
    expectLocalErrorPage(await approve(browser, consent.body), 403)
  })

  it('CO-19 a change of its user between the page and the form grants nothing', async () => {
    const { test, browser, logInAs } = withPortal()
    logInAs('alice')
    const consent = await authorize(browser)
    logInAs('bob')
    // The form was ours, but it was alice who saw it: bob is asked.
    expectForm(await approve(browser, consent.body), 'consent')
    expect(test.events.some(({ type }) => type === 'authorization_code.issued')).toBe(false)
  })

  it('AZ-29 a login that is older than the request allows is not taken', async () => {
    const { test, browser, logInAs } = withPortal()
    logInAs('alice')
    expectForm(await authorize(browser), 'consent')
    test.clock.advance(60)
    expectRedirectError(await authorize(browser, { prompt: 'login' }), 'login_required')
    expectRedirectError(await authorize(browser, { max_age: '59' }), 'login_required')
    expect(await subjectOf(test, browser)).toBe('alice')
  })

  it('AZ-29 a login that is new enough replaces the session that is not', async () => {
    const { test, browser, logInAs } = withPortal()
    logInAs('alice')
    await authorize(browser)
    test.clock.advance(60)
    logInAs('alice')
    const { verifier, query } = await authorizationParameters({ max_age: '30' })
    const consent = await browser.send(`${issuer}/authorize?${query}`)
    const { location } = await approve(browser, consent.body)
    const { json } = await redeem(test, { code: location?.searchParams.get('code') ?? '', verifier })
    expect(claimsOf(json.access_token).auth_time).toBe(test.clock.now() / 1000)
  })

  it('AZ-26 prompt=none leaves the session alone when it cannot succeed', async () => {
    const { test, browser, logInAs } = withPortal()
    logInAs('alice')
    await authorize(browser)
    const cookies = new Map(browser.cookies)
    logInAs('bob')
    cookies.set('portal', 'bob')
    const logins = () => test.events.filter(({ type }) => type === 'login.succeeded').length
    const before = logins()
    const landing = await authorize(browser, { ...firstParty, prompt: 'none' })
    expectRedirectError(landing, 'login_required', toFirstParty)
    expect(browser.cookies).toEqual(cookies)
    expect(await subjectOf(test, browser)).toBe('alice')
    expect(logins()).toBe(before)
  })

  it('AZ-26 prompt=none succeeds once the session is there', async () => {
    const { browser, logInAs } = withPortal()
    logInAs('alice')
    await authorize(browser)
    const { location } = await authorize(browser, { ...firstParty, prompt: 'none' })
    expect(location?.searchParams.get('code')).toBeTruthy()
  })

  it('is told about the request only what has been checked', async () => {
    const { browser, portal } = withPortal()
    await authorize(browser, { ui_locales: 'de en', login_hint: 'alice', scope: 'read:application' })
    expect(portal.asked[0]).toMatchObject({
      client: { client_id: 'claude-desktop-mcp', client_name: 'Claude Desktop', verified: true },
      scopes: [{ name: 'read:application', description: 'View applications' }],
      loginHint: 'alice',
      uiLocales: ['de', 'en'],
    })
    expect(JSON.stringify(portal.asked)).not.toMatch(/secret|state-1|challenge/i)
  })
})
