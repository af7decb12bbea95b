// OpenID Connect Core 1.0 §3.1.2.1: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectRedirectError } from '../support/expectations.ts'
import { approve, authorize, claimsOf, logIn, obtainCode, redeem } from '../support/flow.ts'
import { registerClient } from '../support/register-client.ts'
import { testServer } from '../support/test-server.ts'

const firstParty = { client_id: 'first-party', redirect_uri: 'https://app.example.com/cb' }
const toFirstParty = { to: firstParty.redirect_uri }

async function signedIn(test = testServer()) {
  const { browser } = await obtainCode(test)
  return { test, browser }
}

describe('prompt', () => {
  it('AZ-26 none without a session is refused with login_required, and no page is stored or shown', async () => {
    const landing = await authorize(createBrowser(testServer().server), { prompt: 'none' })
    expectRedirectError(landing, 'login_required')
    expect(landing.response.headers.getSetCookie()).toEqual([])
  })

  it('AZ-27 none with a session but without an approval is refused with consent_required', async () => {
    const { browser } = await signedIn()
    expectRedirectError(await authorize(browser, { prompt: 'none' }), 'consent_required')
  })

  it('AZ-27 none succeeds where no page is needed', async () => {
    const { browser } = await signedIn()
    const { location } = await authorize(browser, { ...firstParty, prompt: 'none' })
    expect(location?.searchParams.get('code')).toBeTruthy()
  })

  it('AZ-28 none must stand alone', async () => {
    const { browser } = await signedIn()
    for (const prompt of ['none login', 'login none', 'none consent', 'none none', 'none unknown'])
      expectRedirectError(await authorize(browser, { prompt }), 'invalid_request')
  })

  it('AZ-29 login asks for the password again and counts from then on', async () => {
    for (const overrides of [{ prompt: 'login' }, { max_age: '0' }, { prompt: 'select_account' }]) {
      const { test, browser } = await signedIn()
      test.clock.advance(300)
      const page = await authorize(browser, { ...overrides, scope: 'openid read:application' })
      expectForm(page, 'login')
      test.clock.advance(5)
      const consent = await logIn(browser, page.body)
      expectForm(consent, 'consent')
      const { location } = await approve(browser, consent.body)
      expect(location?.searchParams.get('code')).toBeTruthy()
    }
  })

  it('AZ-29 auth_time is the time of the new login', async () => {
    const { test, browser } = await signedIn()
    test.clock.advance(300)
    const { code, verifier } = await obtainCode(
      test,
      { prompt: 'login', scope: 'openid read:application' },
      { browser },
    )
    const { json } = await redeem(test, { code, verifier })
    expect(claimsOf(json.access_token).auth_time).toBe(test.clock.now() / 1000)
    expect(claimsOf(json.id_token).auth_time).toBe(test.clock.now() / 1000)
  })

  it('AZ-29 a fresh session is asked again only when it is older than max_age', async () => {
    const { test, browser } = await signedIn()
    test.clock.advance(100)
    expectForm(await authorize(browser, { max_age: '100' }), 'consent')
    expectForm(await authorize(browser, { max_age: '99' }), 'login')
    expectForm(await authorize(browser, { max_age: '' }), 'consent')
  })

  it('AZ-29 a login that is too old for the request is not taken from a second tab', async () => {
    const { test, browser } = await signedIn()
    test.clock.advance(60)
    const page = await authorize(browser, { prompt: 'login' })
    // Going on without the form leads to the form again.
    expectForm(await browser.send(/action="([^"]*)"/.exec(page.body)?.[1] ?? ''), 'login')
  })

  it('AZ-29 an abandoned prompt=login leaves the session as it was', async () => {
    const { test, browser } = await signedIn()
    test.clock.advance(60)
    expectForm(await authorize(browser, { prompt: 'login' }), 'login')
    expectForm(await authorize(browser), 'consent')
  })

  it('AZ-29 none with a session older than max_age is refused with login_required', async () => {
    const { test, browser } = await signedIn()
    test.clock.advance(60)
    expectRedirectError(
      await authorize(browser, { ...firstParty, prompt: 'none', max_age: '59' }),
      'login_required',
      toFirstParty,
    )
  })

  it('AZ-30 max_age must be a number of seconds', async () => {
    const { browser } = await signedIn()
    for (const maxAge of ['-1', 'abc', '1e9', '1.5', ' 1', '0x10', '9'.repeat(10), '٣'])
      expectRedirectError(await authorize(browser, { max_age: maxAge }), 'invalid_request')
  })

  it('consent and unknown values beside others change nothing else', async () => {
    const { browser } = await signedIn()
    expectForm(await authorize(browser, { prompt: 'consent' }), 'consent')
    expectForm(await authorize(browser, { prompt: 'something else' }), 'consent')
  })

  it('a client that registered itself is not told by redirect that a stranger is not signed in', async () => {
    const test = testServer()
    const redirectUri = 'https://tools.example.net/cb'
    const clientId = await registerClient(test, { redirect_uris: [redirectUri] })
    const request = { client_id: clientId, redirect_uri: redirectUri, prompt: 'none' }
    const landing = await authorize(createBrowser(test.server), request)
    expect([landing.response.status, landing.location]).toEqual([400, undefined])
    const { browser } = await signedIn(test)
    expectRedirectError(await authorize(browser, request), 'consent_required', { to: redirectUri })
  })
})

describe('login_hint', () => {
  it('fills in the user name, cut short and escaped', async () => {
    const browser = createBrowser(testServer().server)
    const hint = `"><script>alert(1)</script>${'x'.repeat(500)}`
    const { body } = await authorize(browser, { login_hint: hint })
    expect(body).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;xxx')
    expect(body).not.toContain('<script')
    expect(body).not.toContain('x'.repeat(257))
  })
})
