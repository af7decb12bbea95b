// RFC 6749 §4.1.2.1: https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1
import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage } from '../support/expectations.ts'
import { authorizationParameters, authorize, authorizeUrl, obtainCode, post } from '../support/flow.ts'
import { registerClient } from '../support/register-client.ts'
import { issuer, testServer } from '../support/test-server.ts'

const evil = 'https://evil.example/cb'

async function authorizeRaw(test: ReturnType<typeof testServer>, extra: string, overrides = {}) {
  const { query } = await authorizationParameters(overrides)
  return createBrowser(test.server).send(authorizeUrl(`${query}&${extra}`))
}

describe('the client and the redirect URI of an authorization request', () => {
  it('AZ-02 an unknown client gets a page here, whatever redirect URI it names', async () => {
    const test = testServer()
    const landing = await authorize(createBrowser(test.server), { client_id: 'nope', redirect_uri: evil })
    expectLocalErrorPage(landing)
    expect(landing.body).not.toContain('evil.example')
    expect(landing.body).not.toContain('nope')
    expect(test.events).toContainEqual(
      expect.objectContaining({ type: 'authorization.refused', reason: 'unknown_client', clientId: 'nope' }),
    )
  })

  it('AZ-03 a redirect URI that is not registered is neither followed nor repeated', async () => {
    const test = testServer()
    const uris = [
      evil,
      'http://127.0.0.1:51004/other',
      'http://127.0.0.1:51004/callback?x=1',
      'http://127.0.0.1:80@evil.example/callback',
      'javascript:alert(1)//callback',
      '//evil.example/callback',
      '/callback',
      'http://127.0.0.1:51004/callback\r\nSet-Cookie: a=b',
    ]
    for (const redirectUri of uris) {
      const landing = await authorize(createBrowser(test.server), { redirect_uri: redirectUri })
      expectLocalErrorPage(landing)
      expect(landing.body).not.toContain('evil.example')
      expect(landing.body).not.toContain('alert(1)')
    }
    const rejected = test.events.filter(({ type }) => type === 'redirect_uri.rejected')
    expect(rejected.map(({ redirectUri }) => redirectUri)).toEqual(uris)
  })

  it('AZ-04 the only registered redirect URI may be left out, and the code goes there', async () => {
    const test = testServer()
    const { code, verifier, location } = await obtainCode(test, {
      client_id: 'pub1',
      redirect_uri: undefined,
    })
    expect(location?.href.split('?')[0]).toBe('https://app.example.com/cb')
    const redeemed = await post(test, '/token', {
      grant_type: 'authorization_code',
      client_id: 'pub1',
      code,
      code_verifier: verifier,
    })
    expect(redeemed.status).toBe(200)
  })

  it('AZ-05 a client with two redirect URIs must name one', async () => {
    const test = testServer()
    expectLocalErrorPage(
      await authorize(createBrowser(test.server), { client_id: 'multi', redirect_uri: undefined }),
    )
  })

  it('AZ-05 a wildcard entry is no redirect URI to fall back on', async () => {
    const wildcard = { client_id: 'wildcard', redirect_uris: ['http://127.0.0.1:*/callback'] }
    const test = testServer({ clients: [registered(wildcard)] })
    const request = { client_id: 'wildcard', redirect_uri: undefined }
    const landing = await authorize(createBrowser(test.server), request)
    expectLocalErrorPage(landing)
    expect(landing.body).toContain('redirect_uri is missing')
  })

  it('AZ-07 client_id twice is answered here, also when one of the values is right or empty', async () => {
    const test = testServer()
    for (const extra of ['client_id=pub', 'client_id=claude-desktop-mcp', 'client_id='])
      expectLocalErrorPage(await authorizeRaw(test, extra))
  })

  it('AZ-07 redirect_uri twice is answered here', async () => {
    const test = testServer()
    for (const second of [evil, 'http://127.0.0.1:51004/callback', ''])
      expectLocalErrorPage(await authorizeRaw(test, `redirect_uri=${encodeURIComponent(second)}`))
  })

  it('AZ-11 an empty redirect_uri is a missing one', async () => {
    const test = testServer()
    const browser = createBrowser(test.server)
    expectForm(await authorize(browser, { client_id: 'pub1', redirect_uri: '' }), 'login')
    expectLocalErrorPage(await authorize(browser, { client_id: 'multi', redirect_uri: '' }))
  })

  it('AZ-20 a state of more than 4,096 bytes is answered here', async () => {
    const test = testServer()
    const browser = createBrowser(test.server)
    expectForm(await authorize(browser, { state: 's'.repeat(4096) }), 'login')
    expectLocalErrorPage(await authorize(browser, { state: 's'.repeat(4097) }))
    expectLocalErrorPage(await authorize(browser, { state: '世'.repeat(1366) }))
  })

  it('CO-25 a program that asks for JSON gets the same refusal as JSON, and still no redirect', async () => {
    const test = testServer()
    const { query } = await authorizationParameters({ client_id: 'nope', redirect_uri: evil })
    for (const accept of ['application/json', 'application/json, text/plain;q=0.9']) {
      const request = new Request(authorizeUrl(query), { headers: { accept } })
      const response = await test.server.handle(request)
      expect(response?.status).toBe(400)
      expect(response?.headers.get('location')).toBeNull()
      expect(response?.headers.get('content-type')).toBe('application/json')
      expect(response?.headers.get('cache-control')).toBe('no-store')
      expect(await response?.json()).toMatchObject({ error: 'invalid_client' })
    }
  })

  it('CO-09 nothing that the request carries is on the error page as markup', async () => {
    const test = testServer()
    const markup = '"><script>alert(1)</script>'
    const requests = [
      { client_id: markup },
      { redirect_uri: markup },
      { redirect_uri: `https://app.example.com/${markup}` },
      { client_id: 'nope', state: markup, scope: markup, error_description: markup },
    ]
    for (const overrides of requests) {
      const landing = await authorize(createBrowser(test.server), overrides)
      expectLocalErrorPage(landing)
      expect(landing.body).not.toContain('alert(1)')
    }
  })

  it('CR-07 a registered private-use redirect URI is usable only when its scheme is allowed', async () => {
    const test = testServer()
    const cursor = 'cursor://anysphere.cursor-mcp/oauth/callback'
    const clientId = await registerClient(test, { redirect_uris: ['http://localhost/callback', cursor] })
    expectLocalErrorPage(
      await authorize(createBrowser(test.server), { client_id: clientId, redirect_uri: cursor }),
    )
    const usable = { client_id: clientId, redirect_uri: 'http://localhost:7777/callback' }
    expectForm(await authorize(createBrowser(test.server), usable), 'login')
  })

  it('a confidential web client keeps its exact port on loopback', async () => {
    const test = testServer()
    const clientId = await registerClient(test, {
      redirect_uris: ['http://127.0.0.1:3000/callback'],
      token_endpoint_auth_method: 'client_secret_basic',
    })
    const other = { client_id: clientId, redirect_uri: 'http://127.0.0.1:3001/callback' }
    expectLocalErrorPage(await authorize(createBrowser(test.server), other))
  })

  it('answers an authorization request without any parameter with a page', async () => {
    const landing = await createBrowser(testServer().server).send(`${issuer}/authorize`)
    expectLocalErrorPage(landing)
  })
})
