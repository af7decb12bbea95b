// RFC 6749 §4.1.2.1: server_error and temporarily_unavailable
import { describe, expect, it } from 'vitest'
import { StorageError } from '@gatewright/storage'
import { createBrowser } from '../support/browser.ts'
import type { Landing } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage, expectRedirectError } from '../support/expectations.ts'
import { approve, authorize, logIn, obtainCode } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { registerClient } from '../support/register-client.ts'
import { issuer, testServer } from '../support/test-server.ts'

const down = new Error('connect ECONNREFUSED 10.0.0.7:5432 user=admin')

function withStorage() {
  const store = hookedStorage()
  const test = testServer({ storage: store.storage })
  /** Makes every round trip fail that touches one of the collections, or simply every one. */
  const failAt = (error: unknown, kind?: 'get' | 'commit', ...collections: readonly string[]) => {
    store.hooks.before = (call) => {
      const touched = call.keys.some(({ collection }) => collections.includes(collection))
      if ((kind === undefined || call.kind === kind) && (collections.length === 0 || touched)) throw error
    }
  }
  return { test, store, failAt, mend: () => void (store.hooks.before = undefined) }
}

function expectNothingTold({ body, location }: Landing) {
  expect(`${body}${location?.href}`).not.toMatch(/ECONNREFUSED|10\.0\.0\.7|admin|\.ts:/)
}

describe('a storage that fails', () => {
  it('AZ-42 during the request is told to the client as server_error, without internals', async () => {
    const { test, failAt } = withStorage()
    const { browser } = await obtainCode(test)
    failAt(down)
    const landing = await authorize(browser)
    expectRedirectError(landing, 'server_error')
    expectNothingTold(landing)
    expect(test.events.findLast(({ type }) => type === 'request.failed')?.cause).toBe(down)
  })

  it('AZ-42 that is busy or full is temporarily_unavailable', async () => {
    for (const code of ['busy', 'full'] as const) {
      const { test, failAt } = withStorage()
      const { browser } = await obtainCode(test)
      failAt(new StorageError(code, 'ten thousand writers'))
      const landing = await authorize(browser)
      expectRedirectError(landing, 'temporarily_unavailable')
      expect(landing.location?.href).not.toContain('writers')
    }
  })

  it('AZ-42 before the client is known shows a page with status 500 or 503', async () => {
    const { test, failAt } = withStorage()
    const clientId = await registerClient(test, { redirect_uris: ['http://127.0.0.1/callback'] })
    failAt(down)
    const landing = await authorize(createBrowser(test.server), { client_id: clientId })
    expectLocalErrorPage(landing, 500)
    expectNothingTold(landing)
    failAt(new StorageError('busy', 'x'))
    expectLocalErrorPage(await authorize(createBrowser(test.server), { client_id: clientId }), 503)
  })

  it('AZ-42 a client that nobody vouched for is told nothing by redirect when sessions cannot be read', async () => {
    const { test, failAt } = withStorage()
    const redirectUri = 'https://tools.example.net/cb'
    const clientId = await registerClient(test, { redirect_uris: [redirectUri] })
    const { browser } = await obtainCode(test)
    failAt(down, 'get', 'sessions')
    const landing = await authorize(browser, { client_id: clientId, redirect_uri: redirectUri })
    expectLocalErrorPage(landing, 500)
    expectNothingTold(landing)
  })

  it('AZ-42 a client that nobody vouched for is told nothing by redirect when nobody is signed in', async () => {
    const { test, failAt } = withStorage()
    const redirectUri = 'https://tools.example.net/cb'
    const request = { client_id: await registerClient(test, { redirect_uris: [redirectUri] }) }
    failAt(down, 'commit', 'pending_requests')
    const landing = await authorize(createBrowser(test.server), { ...request, redirect_uri: redirectUri })
    expectLocalErrorPage(landing, 500)
    expectNothingTold(landing)
  })

  it('CO-28 when sessions cannot be read nobody is signed in', async () => {
    const { test, failAt } = withStorage()
    const { browser } = await obtainCode(test)
    failAt(down, 'get', 'sessions')
    const request = { client_id: 'first-party', redirect_uri: 'https://app.example.com/cb' }
    expectRedirectError(await authorize(browser, request), 'server_error', { to: request.redirect_uri })
    expectLocalErrorPage(await browser.send(`${issuer}/account`), 500)
  })

  it('CO-28 when the session cannot be written the login has not happened', async () => {
    const { test, failAt, mend } = withStorage()
    const browser = createBrowser(test.server)
    const page = await authorize(browser)
    failAt(down, 'commit', 'sessions')
    expectRedirectError(await logIn(browser, page.body), 'server_error')
    mend()
    expect(test.events.some(({ type }) => type === 'login.succeeded')).toBe(false)
    expectForm(await authorize(browser), 'login')
  })

  it('CO-28 when the request cannot be stored no page is shown', async () => {
    const { test, failAt } = withStorage()
    failAt(down, 'commit', 'pending_requests')
    const landing = await authorize(createBrowser(test.server))
    expectRedirectError(landing, 'server_error')
    expect(landing.response.headers.getSetCookie()).toEqual([])
  })

  it('CO-28 when the request cannot be read the form leads to a page', async () => {
    const { test, failAt } = withStorage()
    const browser = createBrowser(test.server)
    const page = await authorize(browser)
    failAt(down, 'get', 'pending_requests')
    const landing = await logIn(browser, page.body)
    expectLocalErrorPage(landing, 500)
    expectNothingTold(landing)
  })

  it('CO-28 when the approval cannot be stored there is no code, and no second try with the same form', async () => {
    const { test, failAt, mend } = withStorage()
    const { browser } = await obtainCode(test)
    const consent = await authorize(browser)
    failAt(down, 'commit', 'grants')
    expectRedirectError(await approve(browser, consent.body), 'server_error')
    mend()
    expectLocalErrorPage(await approve(browser, consent.body))
    expect(test.events.filter(({ type }) => type === 'authorization_code.issued')).toHaveLength(1)
  })

  it('CO-28 when the request cannot be taken away no code is issued', async () => {
    const { test, failAt } = withStorage()
    const { browser } = await obtainCode(test)
    const consent = await authorize(browser)
    failAt(down, 'commit', 'pending_requests')
    expectRedirectError(await approve(browser, consent.body), 'server_error')
    expect(test.events.filter(({ type }) => type === 'authorization_code.issued')).toHaveLength(1)
  })

  it('CO-28 a source of clients that throws knows no client', async () => {
    const find = () => Promise.reject(down)
    const test = testServer({ clients: [{ name: 'database', find }] })
    const landing = await authorize(createBrowser(test.server))
    expectLocalErrorPage(landing, 500)
    expectNothingTold(landing)
  })

  it('tells the developer who asks for JSON as little as the user', async () => {
    const test = testServer({ clients: [{ name: 'database', find: () => Promise.reject(down) }] })
    const url = `${issuer}/authorize?client_id=x`
    const response = await test.server.handle(new Request(url, { headers: { accept: 'application/json' } }))
    expect(response?.status).toBe(500)
    expect(await response?.json()).toEqual({
      error: 'server_error',
      error_description: 'the server failed',
    })
  })
})
