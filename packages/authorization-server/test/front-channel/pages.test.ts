// OAuth 2.1 draft-13 §7.11 and ASVS 3.4: what the pages let others do
import { describe, expect, it } from 'vitest'
import { defineScopes } from '@gatewright/core'
import { html, registered } from '@gatewright/authorization-server'
import type { PageOptions } from '@gatewright/authorization-server'
import { createBrowser, formOf } from '../support/browser.ts'
import { expectForm, expectPageHeaders } from '../support/expectations.ts'
import { authorize, logIn, obtainCode, redeem } from '../support/flow.ts'
import { registerClient } from '../support/register-client.ts'
import { issuer, scopes, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'

/** One landing on each kind of page. */
async function everyPage(test: TestServer, overrides: Readonly<Record<string, string | undefined>> = {}) {
  const browser = createBrowser(test.server)
  const login = await authorize(browser, overrides)
  const wrong = await logIn(browser, login.body, 'alice', 'wrong')
  const consent = await logIn(browser, login.body)
  const form = formOf(consent.body, 'consent')
  form.fields.set('csrf', 'wrong')
  const forged = await browser.submit(form)
  await redeem(test, await obtainCode(test, overrides, { browser }), { client_id: overrides.client_id })
  const account = await browser.send(`${issuer}/account`)
  const error = await browser.send(`${issuer}/authorize`)
  const accountLogin = await createBrowser(test.server).send(`${issuer}/account`)
  return { login, wrong, consent, forged, account, error, accountLogin }
}

const hash = async (text: string) => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}

describe('every page', () => {
  it('CO-01 forbids frames, sniffing, caches and referrers', async () => {
    const pages = await everyPage(testServer())
    expect(Object.values(pages).map(({ response }) => response.status)).toEqual([
      200, 401, 200, 403, 200, 400, 200,
    ])
    for (const { response } of Object.values(pages)) {
      expectPageHeaders(response)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('CO-01 runs no script and loads nothing from elsewhere: its style is the one that the policy names', async () => {
    for (const { response, body } of Object.values(await everyPage(testServer()))) {
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).not.toMatch(/script-src|unsafe|\*|https?:/)
      expect(policy).toContain("base-uri 'none'")
      expect(body).not.toMatch(/<script|<iframe|<img|<object|<base|\son\w+=|\sstyle=|javascript:/i)
      for (const [, style = ''] of body.matchAll(/<style>([\s\S]*?)<\/style>/g))
        expect(policy).toContain(`'sha256-${await hash(style)}'`)
      for (const [, target = ''] of body.matchAll(/(?:href|src|action)="([^"]*)"/g))
        expect(target).toMatch(/^(data:image\/|https:\/\/auth\.example\.com\/)/)
    }
  })

  it('CO-03 has no form-action, which Chromium would apply to the way back to the client', async () => {
    for (const { response } of Object.values(await everyPage(testServer())))
      expect(response.headers.get('content-security-policy')).not.toContain('form-action')
  })
})

describe('texts that others chose', () => {
  const markup = `"'><script>alert(1)</script><a href=//evil.example>&amp;`
  const escaped = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;a href=//evil.example&gt;&amp;amp;'

  it('CO-09 are escaped wherever they appear: names of clients, users, products and scopes', async () => {
    const test = testServer({
      productName: markup,
      scopes: defineScopes({ 'read:application': markup }),
      resources: [{ resource: `${issuer}/mcp` }],
      findUser: async () => ({ claims: { name: markup } }),
    })
    const clientId = await registerClient(test, {
      client_name: markup,
      client_uri: 'https://evil.example/',
      logo_uri: 'https://evil.example/logo.png',
      redirect_uris: ['http://127.0.0.1:51004/callback'],
    })
    const pages = await everyPage(test, { client_id: clientId, scope: 'read:application' })
    for (const { body } of Object.values(pages)) {
      expect(body).not.toMatch(/<script|<a href|<a /i)
      expect(body).toContain(escaped)
    }
    for (const { body } of [pages.login, pages.consent]) expect(body.split(escaped).length).toBeGreaterThan(3)
  })

  it('CO-10 neither the link nor the logo of a client is on its pages: nothing is linked or hot-linked', async () => {
    const test = testServer()
    const clientId = await registerClient(test, {
      client_name: 'App',
      client_uri: 'https://evil.example/',
      logo_uri: 'https://evil.example/logo.png',
      tos_uri: 'https://evil.example/terms',
      policy_uri: 'https://evil.example/policy',
      redirect_uris: ['http://127.0.0.1:51004/callback'],
    })
    const { consent } = await everyPage(test, { client_id: clientId, scope: 'read:application' })
    expect(consent.body).toContain('App')
    expect(consent.body).not.toMatch(/evil\.example|<img|<a /i)
    expect(consent.response.headers.get('content-security-policy')).toMatch(/default-src 'none'/)
  })

  it('CO-09 what was typed as user name comes back escaped', async () => {
    const browser = createBrowser(testServer().server)
    const page = await authorize(browser)
    const { body } = await logIn(browser, page.body, markup, 'x')
    expect(formOf(body, 'login').fields.get('username')).toBe(markup)
    expect(body).not.toContain('<script')
  })

  it('CO-09 a page of the integrator is escaped and protected like ours', async () => {
    const pages: PageOptions = {
      render: { login: ({ clientName }) => html`<p title="${clientName}">${clientName}</p>` },
    }
    const clients = [registered({ client_id: markup, redirect_uris: ['https://app.example.com/cb'] })]
    const browser = createBrowser(testServer({ pages, clients }).server)
    const request = { client_id: markup, redirect_uri: 'https://app.example.com/cb' }
    const { response, body } = await authorize(browser, request)
    expectPageHeaders(response)
    expect(body).toContain(`<p title="${escaped}">${escaped}</p>`)
  })
})

describe('the consent page', () => {
  async function consentOf(client: Readonly<Record<string, unknown>>, redirectUri: string) {
    const test = testServer()
    const clientId = await registerClient(test, { redirect_uris: [redirectUri], ...client })
    const { browser } = await obtainCode(test)
    const page = await authorize(browser, { client_id: clientId, redirect_uri: redirectUri })
    expectForm(page, 'consent')
    return page.body
  }

  it('CO-26 names the client, marks one that registered itself, and says what it will be able to do', async () => {
    const body = await consentOf({ client_name: 'Nice Tool' }, 'https://tools.example.net/cb')
    expect(body).toContain('Nice Tool')
    expect(body).toMatch(/registered itself/)
    expect(body).toContain('>tools.example.net<')
    expect(body).toContain(scopes.describe('read:application'))
    expect(body).toContain(scopes.describe('write:application'))
    // How long the app may go on by itself, which an access token does not last.
    expect(body).toContain('After 90 days at most')
    const test = testServer()
    const { browser } = await obtainCode(test)
    expect((await authorize(browser)).body).not.toMatch(/registered itself/)
  })

  it('CO-27 a client that borrows a name is still shown as unverified', async () => {
    const body = await consentOf({ client_name: 'Claude Desktop' }, 'https://tools.example.net/cb')
    expect(body).toMatch(/registered itself/)
  })

  it('CO-27 a name cannot turn the text around or hide in it', async () => {
    const name = 'Nice\u202e loot\u200b \u0007Tool\u2028\u2066'
    const body = await consentOf({ client_name: name }, 'https://tools.example.net/cb')
    expect(body).toContain('Nice loot Tool')
    expect(body).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u2028]/)
  })

  it('CO-26 of an app with a scheme of its own names the scheme, not the host that the app made up', async () => {
    const body = await consentOf({}, 'com.evil.app://accounts.example.com/cb')
    expect(body).toContain('>com.evil.app:<')
    expect(body).not.toContain('accounts.example.com')
    expect(body).toMatch(/on this (computer|device)/)
  })

  it('CO-26 shows a punycode host as it is, so that a lookalike shows', async () => {
    const body = await consentOf({}, 'https://xn--exmple-cua.com/cb')
    expect(body).toContain('>xn--exmple-cua.com<')
    expect(body).not.toContain('exämple')
  })
})
