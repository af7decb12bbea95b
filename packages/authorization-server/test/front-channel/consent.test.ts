// OAuth 2.1 draft-13 §7.10 and ASVS 10.7
import { describe, expect, it } from 'vitest'
import { createBrowser, formOf } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage, expectRedirectError } from '../support/expectations.ts'
import { approve, authorize, claimsOf, logIn, obtainCode, redeem } from '../support/flow.ts'
import { registerClient } from '../support/register-client.ts'
import { testServer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

async function atConsent(overrides: Readonly<Record<string, string | undefined>> = {}, username = 'alice') {
  const test = testServer()
  const browser = createBrowser(test.server)
  const page = await authorize(browser, overrides)
  const consent = await logIn(browser, page.body, username)
  expectForm(consent, 'consent')
  return { test, browser, consent }
}

describe('the consent form', () => {
  it('CO-04 a form without its token, or with a wrong one, is refused with 403', async () => {
    const { browser, consent } = await atConsent()
    for (const csrf of [undefined, '', 'x', 'A'.repeat(43)]) {
      const form = formOf(consent.body, 'consent')
      form.fields.delete('csrf')
      if (csrf !== undefined) form.fields.set('csrf', csrf)
      form.fields.set('decision', 'approve')
      expectLocalErrorPage(await browser.submit(form), 403)
    }
    // None of it has spent the request.
    expect((await approve(browser, consent.body)).location?.searchParams.get('code')).toBeTruthy()
  })

  it("CO-04 another browser's form, and this form in another browser, are refused with 403", async () => {
    const { test, consent } = await atConsent()
    const other = createBrowser(test.server)
    const otherConsent = await logIn(other, (await authorize(other)).body, 'bob')
    const form = formOf(consent.body, 'consent')
    form.fields.set('decision', 'approve')
    expectLocalErrorPage(await other.submit(form), 403)
    form.fields.set('csrf', formOf(otherConsent.body, 'consent').fields.get('csrf') ?? '')
    expectLocalErrorPage(await other.submit(form), 403)
    expectLocalErrorPage(await createBrowser(test.server).submit(form), 403)
  })

  it('CO-04 the token of another open request of the same browser is refused with 403', async () => {
    const { browser, consent } = await atConsent()
    const second = await authorize(browser, { scope: 'read:application' })
    const form = formOf(second.body, 'consent')
    form.fields.set('csrf', formOf(consent.body, 'consent').fields.get('csrf') ?? '')
    form.fields.set('decision', 'approve')
    expectLocalErrorPage(await browser.submit(form), 403)
  })

  it('CO-04 a form that was answered is answered once', async () => {
    const { test, browser, consent } = await atConsent()
    expect((await approve(browser, consent.body)).location?.searchParams.get('code')).toBeTruthy()
    expectLocalErrorPage(await approve(browser, consent.body))
    expect(test.events.filter(({ type }) => type === 'authorization_code.issued')).toHaveLength(1)
  })

  it('CO-04 a refusal is final too', async () => {
    const { browser, consent } = await atConsent()
    const form = formOf(consent.body, 'consent')
    form.fields.set('decision', 'deny')
    expectRedirectError(await browser.submit(form), 'access_denied')
    expectLocalErrorPage(await approve(browser, consent.body))
  })

  it('CO-20 of many clicks at once one gets a code', async () => {
    const { test, browser, consent } = await atConsent()
    const landings = await Promise.all(Array.from({ length: 20 }, () => approve(browser, consent.body)))
    const codes = landings.filter(({ location }) => location?.searchParams.has('code'))
    expect(codes).toHaveLength(1)
    for (const landing of landings) if (!codes.includes(landing)) expectLocalErrorPage(landing)
    expect(test.events.filter(({ type }) => type === 'authorization_code.issued')).toHaveLength(1)
  })

  it('AZ-39 what the page sends back never wins over the stored request', async () => {
    const { test, browser, consent } = await atConsent({ scope: 'read:application' })
    const form = formOf(consent.body, 'consent')
    form.fields.append('scope', 'admin:application')
    form.fields.set('redirect_uri', 'https://evil.example/cb')
    form.fields.set('client_id', 'first-party')
    form.fields.set('response_type', 'token')
    form.fields.set('resource', 'https://auth.example.com/mcp2')
    form.fields.set('decision', 'approve')
    const more = '&redirect_uri=https://evil.example/cb&scope=admin:application&client_id=first-party'
    const { location } = await browser.submit({ action: form.action + more, fields: form.fields })
    expect(location?.href).toMatch(/^http:\/\/127\.0\.0\.1:51004\/callback\?code=/)
    expect(test.events.find(({ type }) => type === 'consent.approved')).toMatchObject({
      clientId: 'claude-desktop-mcp',
      scope: 'read:application',
    })
  })

  it('AZ-39 the token of a tampered form has the stored scope only', async () => {
    const test = testServer()
    const only = ['read:application', 'admin:application', 'read:user']
    const { code, verifier } = await obtainCode(test, { scope: 'read:application' }, { only })
    expect(claimsOf((await redeem(test, { code, verifier })).json.access_token).scope).toBe(
      'read:application',
    )
  })

  it('AZ-40 a form that is older than ten minutes leads to a page, not to the client', async () => {
    const { test, browser, consent } = await atConsent()
    test.clock.advance(600)
    const landing = await approve(browser, consent.body)
    expectLocalErrorPage(landing)
    expect(landing.body).toContain('Start again')
  })

  it('AZ-40 a form that was answered leads to a page when it is sent again, whatever it says then', async () => {
    const { test, browser, consent } = await atConsent()
    expect((await approve(browser, consent.body)).location?.searchParams.has('code')).toBe(true)
    const again = await approve(browser, consent.body)
    expectLocalErrorPage(again)
    expect(again.body).toContain('Start again')
    const form = formOf(consent.body, 'consent')
    form.fields.set('decision', 'deny')
    expectLocalErrorPage(await browser.submit(form))
    expect(eventsOf(test, 'authorization_code.issued')).toHaveLength(1)
  })

  it('AZ-40 a handle that never was leads to a page', async () => {
    const { browser, consent } = await atConsent()
    const { action } = formOf(consent.body, 'consent')
    const base = action.slice(0, action.indexOf('?'))
    const handles = [
      '',
      '?request=',
      `?request=${'A'.repeat(43)}`,
      '?request=%00',
      `?request=${'x'.repeat(10_000)}`,
    ]
    for (const query of handles) expectLocalErrorPage(await browser.send(base + query))
  })

  it('AZ-44 a user whose account ends while the page is open grants nothing', async () => {
    const { test, browser, consent } = await atConsent()
    test.activeUsers.delete('alice')
    expectRedirectError(await approve(browser, consent.body), 'access_denied')
  })

  it('AZ-44 an entitlement that ends while the page is open is not granted', async () => {
    const { test, browser, consent } = await atConsent()
    test.activeUsers.set('alice', { password: 'alice-pw', scopes: ['read:application'] })
    await approve(browser, consent.body)
    expect(test.events.find(({ type }) => type === 'consent.approved')?.scope).toBe('read:application')
  })

  it('takes any other decision for none, and asks again', async () => {
    const { browser, consent } = await atConsent()
    for (const decision of ['', 'APPROVE', 'yes', 'approve ']) {
      const form = formOf(consent.body, 'consent')
      form.fields.set('decision', decision)
      expectForm(await browser.submit(form), 'consent')
    }
  })
})

describe('who is asked', () => {
  it('CO-12 a program on the own machine or a self-registered client asks every time', async () => {
    const test = testServer()
    const { browser } = await obtainCode(test)
    expectForm(await authorize(browser), 'consent')
    const redirectUri = 'https://tools.example.net/cb'
    const clientId = await registerClient(test, { redirect_uris: [redirectUri] })
    const request = { client_id: clientId, redirect_uri: redirectUri }
    await obtainCode(test, request, { browser })
    expectForm(await authorize(browser, request), 'consent')
  })

  it('CR-16 a self-registered client cannot talk its way past the page', async () => {
    const test = testServer()
    const redirectUri = 'https://tools.example.net/cb'
    const clientId = await registerClient(test, {
      redirect_uris: [redirectUri],
      consent: 'never',
      skip_consent: true,
      trusted: true,
      verified: true,
      first_party: true,
    })
    const { browser } = await obtainCode(test)
    const page = await authorize(browser, { client_id: clientId, redirect_uri: redirectUri })
    expectForm(page, 'consent')
    expect(page.body).toMatch(/registered itself|not (been )?checked/)
  })

  it('CO-13 a second user of the same browser is asked as that user', async () => {
    const test = testServer()
    const { browser } = await obtainCode(test)
    test.clock.advance(5)
    const consent = await logIn(browser, (await authorize(browser, { prompt: 'login' })).body, 'bob')
    expectForm(consent, 'consent')
    expect(consent.body).toContain('bob')
    expect(consent.body).not.toContain('alice')
    const { location } = await approve(browser, consent.body)
    expect(location?.searchParams.get('code')).toBeTruthy()
    expect(test.events.findLast(({ type }) => type === 'consent.approved')?.subject).toBe('bob')
  })

  it('CO-19 a page that was opened as alice cannot be approved after bob logged in', async () => {
    const { test, browser, consent } = await atConsent()
    test.clock.advance(5)
    await logIn(browser, (await authorize(browser, { prompt: 'login' })).body, 'bob')
    expectLocalErrorPage(await approve(browser, consent.body), 403)
    expect(test.events.some(({ type }) => type === 'authorization_code.issued')).toBe(false)
  })
})
