// RFC 6749 §3.1, RFC 9110 §9.3.2
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage, expectRedirectError } from '../support/expectations.ts'
import { approve, authorizationParameters, authorizeUrl, logIn, obtainCode } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { issuer, testServer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

describe('HTTP methods of the authorization endpoint', () => {
  it('AZ-21 a posted form is answered like a query', async () => {
    const test = testServer()
    const browser = createBrowser(test.server)
    const { query } = await authorizationParameters()
    const page = await browser.send(`${issuer}/authorize`, { method: 'POST', body: query, headers: form })
    expectForm(page, 'login')
    const consent = await logIn(browser, page.body)
    const { location } = await approve(browser, consent.body)
    expect(location?.searchParams.get('code')).toBeTruthy()
    expect(location?.searchParams.get('state')).toBe('state-1')
  })

  it('AZ-21 a posted form with an error is refused like a query', async () => {
    const browser = createBrowser(testServer().server)
    const { query } = await authorizationParameters({ scope: 'unknown' })
    const landing = await browser.send(`${issuer}/authorize`, { method: 'POST', body: query, headers: form })
    expectRedirectError(landing, 'invalid_scope')
    const none = await authorizationParameters({ prompt: 'none' })
    expectRedirectError(
      await browser.send(`${issuer}/authorize`, { method: 'POST', body: none.query, headers: form }),
      'login_required',
    )
  })

  it('AZ-21 a form posted by another site neither replaces the session cookie nor signs the user out', async () => {
    const test = testServer()
    const { browser } = await obtainCode(test)
    const { query } = await authorizationParameters()
    // The cookie is SameSite=Lax: the browser leaves it out of a POST that comes from another site, ...
    const request = new Request(`${issuer}/authorize`, { method: 'POST', body: query, headers: form })
    const response = await test.server.handle(request)
    expect(response?.headers.getSetCookie()).toEqual([])
    expect(response?.status).toBe(303)
    // ... and sends it with the GET that the answer leads to.
    expectForm(await browser.send(response?.headers.get('location') ?? ''), 'consent')
  })

  it('AZ-22 client_id in the query and in the form is answered here', async () => {
    const test = testServer()
    const { query } = await authorizationParameters()
    for (const url of [
      `${issuer}/authorize?client_id=pub`,
      `${issuer}/authorize?client_id=claude-desktop-mcp`,
    ])
      expectLocalErrorPage(
        await createBrowser(test.server).send(url, { method: 'POST', body: query, headers: form }),
      )
  })

  it('AZ-22 a query beside a posted form is not read', async () => {
    const test = testServer()
    const { query } = await authorizationParameters()
    const url = `${issuer}/authorize?scope=admin:application&prompt=none&redirect_uri=https://evil.example`
    const landing = await createBrowser(test.server).send(url, { method: 'POST', body: query, headers: form })
    expectForm(landing, 'login')
  })

  it('AZ-23 HEAD stores nothing, issues nothing and has no body', async () => {
    const store = hookedStorage()
    const test = testServer({ storage: store.storage })
    const { browser } = await obtainCode(test)
    const written = store.dump()
    for (const overrides of [{}, { client_id: 'first-party', redirect_uri: 'https://app.example.com/cb' }]) {
      const { query } = await authorizationParameters(overrides)
      const { response, body } = await browser.send(authorizeUrl(query), { method: 'HEAD' })
      expect(response.status).toBe(200)
      expect(body).toBe('')
      expect(response.headers.get('location')).toBeNull()
    }
    expect(store.dump()).toBe(written)
  })

  it('AZ-23 HEAD at the URL that the browser goes on by answers nothing and issues nothing', async () => {
    const test = testServer()
    const { browser } = await obtainCode(test)
    const { query } = await authorizationParameters({
      client_id: 'first-party',
      redirect_uri: 'https://app.example.com/cb',
    })
    const { server } = test
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const posted = await server.handle(
      new Request(`${issuer}/authorize`, { method: 'POST', body: query, headers: form }),
    )
    const headers = { cookie }
    const url = posted?.headers.get('location') ?? ''
    const head = await server.handle(new Request(url, { method: 'HEAD', headers }))
    expect([head?.status, head?.headers.get('location')]).toEqual([200, null])
    expect(eventsOf(test, 'authorization_code.issued')).toHaveLength(1)
    const got = await server.handle(new Request(url, { headers }))
    expect(got?.headers.get('location')).toContain('code=')
  })

  it('AZ-23 HEAD is told of an error as GET is', async () => {
    const browser = createBrowser(testServer().server)
    const { query } = await authorizationParameters({ scope: 'unknown' })
    expectRedirectError(await browser.send(authorizeUrl(query), { method: 'HEAD' }), 'invalid_scope')
    const unknown = await authorizationParameters({ client_id: 'nope' })
    const { response, body } = await browser.send(authorizeUrl(unknown.query), { method: 'HEAD' })
    expect([response.status, body]).toEqual([400, ''])
  })

  it('refuses other methods, naming those that it takes', async () => {
    const test = testServer()
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await test.server.handle(new Request(`${issuer}/authorize`, { method }))
      expect(response?.status).toBe(405)
      expect(response?.headers.get('allow')).toBe('HEAD, GET, POST')
      // Scripts of other origins have no business at a page.
      expect(response?.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('refuses another content type and a form that is too large', async () => {
    const browser = createBrowser(testServer().server)
    const { query } = await authorizationParameters()
    const json = { 'content-type': 'application/json' }
    const url = `${issuer}/authorize`
    expectLocalErrorPage(await browser.send(url, { method: 'POST', body: '{}', headers: json }))
    const large = `${query}&x=${'x'.repeat(65_536)}`
    expectLocalErrorPage(await browser.send(url, { method: 'POST', body: large, headers: form }), 413)
  })
})
