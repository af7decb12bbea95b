// ASVS 10.7: what was allowed once, and for whom that counts
import { describe, expect, it } from 'vitest'
import { dynamicRegistration, registered } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions } from '@gatewright/authorization-server'
import { createBrowser, formOf } from '../support/browser.ts'
import { expectForm, expectRedirectError } from '../support/expectations.ts'
import { approve, authorizationParameters, authorize, authorizeUrl, logIn } from '../support/flow.ts'
import type { Browser } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { registerClient } from '../support/register-client.ts'
import { issuer, mcp, otherResource, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'

const redirectUri = 'https://app.example.com/cb'
const once: Readonly<Record<string, string>> = {
  client_id: 'portal',
  redirect_uri: redirectUri,
  scope: 'read:application',
}

function server(overrides: Partial<AuthorizationServerOptions> = {}) {
  return testServer({
    ...overrides,
    clients: [
      registered(
        { client_id: 'portal', client_name: 'Portal', redirect_uris: [redirectUri], consent: 'once' },
        { client_id: 'other', redirect_uris: [redirectUri], consent: 'once' },
        { client_id: 'always', redirect_uris: [redirectUri] },
      ),
      dynamicRegistration({ mode: 'open' }),
    ],
  })
}

/** Allows a request as a user who signs in where needed. */
async function allow(
  test: TestServer,
  browser: Browser,
  request: Readonly<Record<string, string>>,
  only?: string[],
) {
  let landing = await authorize(browser, request)
  if (landing.body.includes('id="login"')) landing = await logIn(browser, landing.body)
  expectForm(landing, 'consent')
  return approve(browser, landing.body, only)
}

const codeOf = async (browser: Browser, request: Readonly<Record<string, string>>) =>
  (await authorize(browser, request)).location?.searchParams.get('code')

async function allowed(only?: string[], request = once) {
  const test = server()
  const browser = createBrowser(test.server)
  await allow(test, browser, request, only)
  return { test, browser }
}

describe('a client whose users are asked once', () => {
  it('takes two gets then, and three commits: both lists of grants, with the note of the challenge, and the grant', async () => {
    const { storage, calls } = hookedStorage()
    const test = server({ storage })
    const browser = createBrowser(test.server)
    await allow(test, browser, once)
    calls.length = 0
    expect(await codeOf(browser, once)).toBeTruthy()
    const trips = calls.map(({ kind, keys }) => [kind, ...keys.map(({ collection }) => collection)].join(' '))
    expect(trips).toEqual([
      'get sessions',
      'get consents',
      'commit grants',
      'commit grants code_challenges',
      'commit grants',
    ])
  })

  it('gets a code although the note of the challenge was there before, or cannot be made', async () => {
    const { storage, calls, hooks } = hookedStorage()
    const test = server({ storage })
    const browser = createBrowser(test.server)
    await allow(test, browser, once)
    const lists = () => calls.filter(({ keys }) => keys[1]?.collection === 'code_challenges')
    const reports = () => test.events.filter(({ type }) => type === 'pkce.challenge_reused')
    const { query } = await authorizationParameters(once)
    for (const reported of [0, 1]) {
      const { location } = await browser.send(authorizeUrl(query))
      expect(location?.searchParams.get('code')).toBeTruthy()
      expect(reports()).toHaveLength(reported)
    }
    hooks.lose = ({ keys }) => keys.some(({ collection }) => collection === 'code_challenges')
    const before = lists().length
    expect(await codeOf(browser, once)).toBeTruthy()
    expect(lists()).toHaveLength(before + 1)
    expect(reports()).toHaveLength(1)
    hooks.lose = undefined
    // However it went, both lists have every grant.
    expect(await test.server.grants.list({ subject: 'alice' })).toHaveLength(4)
    expect(await test.server.grants.list({ clientId: 'portal' })).toHaveLength(4)
  })

  it('asks no second time for what was allowed, also without any page', async () => {
    const { browser } = await allowed()
    expect(await codeOf(browser, once)).toBeTruthy()
    expect(await codeOf(browser, { ...once, prompt: 'none' })).toBeTruthy()
  })

  it('SC-14 asks again for more, with what is new marked as new, and then no more', async () => {
    const { test, browser } = await allowed()
    const more = { ...once, scope: 'read:application write:application' }
    const page = await authorize(browser, more)
    expectForm(page, 'consent')
    expect(page.body.split('class="badge"')).toHaveLength(2)
    expect(page.body).toMatch(/Change applications<\/span\s*><span class="badge">new/)
    expectRedirectError(await authorize(browser, { ...more, prompt: 'none' }), 'consent_required', {
      to: redirectUri,
    })
    await allow(test, browser, more)
    expect(await codeOf(browser, more)).toBeTruthy()
    expect(await codeOf(browser, once)).toBeTruthy()
  })

  it('SC-14 asks again for what was unticked', async () => {
    const both = { ...once, scope: 'read:application write:application' }
    const { browser } = await allowed(['read:application'], both)
    expectForm(await authorize(browser, both), 'consent')
    expect(await codeOf(browser, once)).toBeTruthy()
  })

  it('forgets what the user unticks the next time', async () => {
    const both = { ...once, scope: 'read:application read:user' }
    const { test, browser } = await allowed(undefined, both)
    await allow(test, browser, { ...both, prompt: 'consent' }, ['read:user'])
    expectForm(await authorize(browser, once), 'consent')
  })

  it('counts a scope that was allowed for those that it implies', async () => {
    const { browser } = await allowed(undefined, { ...once, scope: 'write:application' })
    expect(await codeOf(browser, once)).toBeTruthy()
    expectForm(await authorize(browser, { ...once, scope: 'admin:application' }), 'consent')
  })

  it('asks for another resource, and when the client wants its user to be asked', async () => {
    const { browser } = await allowed(undefined, { ...once, resource: mcp })
    expectForm(await authorize(browser, { ...once, resource: otherResource }), 'consent')
    expectForm(await authorize(browser, { ...once, resource: mcp, prompt: 'consent' }), 'consent')
    expect(await codeOf(browser, { ...once, resource: mcp })).toBeTruthy()
  })

  it('CO-13 what alice allowed is nothing that bob allowed', async () => {
    const { test, browser } = await allowed()
    test.clock.advance(5)
    const page = await authorize(browser, { ...once, prompt: 'login' })
    expectForm(await logIn(browser, page.body, 'bob'), 'consent')
    const other = createBrowser(test.server)
    expectForm(await logIn(other, (await authorize(other, once)).body, 'bob'), 'consent')
  })

  it('is one client: what it was allowed counts for no other', async () => {
    const { browser } = await allowed()
    expectForm(await authorize(browser, { ...once, client_id: 'other' }), 'consent')
  })

  it('asks again after the user has disconnected it, and after the approval has ended', async () => {
    const { test, browser } = await allowed()
    const [grant] = await test.server.grants.list({ subject: 'alice' })
    await test.server.grants.revoke(grant?.grantId ?? '', { subject: 'alice' })
    const consent = await authorize(browser, once)
    expectForm(consent, 'consent')
    await approve(browser, consent.body)
    test.clock.advance(7_776_000)
    const login = await authorize(browser, once)
    expectForm(await logIn(browser, login.body), 'consent')
  })

  it('CO-12 is never one that anybody else could be: one on the own machine, or one that registered itself', async () => {
    for (const uri of ['http://127.0.0.1/cb', 'http://localhost/cb', 'com.example.app:/cb'])
      for (const consent of ['once', 'never'] as const)
        expect(() => registered({ client_id: 'x', redirect_uris: [uri], consent })).toThrow(
          `consent: '${consent}' needs https redirect URIs`,
        )
    const test = server()
    const clientId = await registerClient(test, { redirect_uris: [redirectUri], consent: 'once' })
    const browser = createBrowser(test.server)
    await allow(test, browser, { ...once, client_id: clientId })
    expectForm(await authorize(browser, { ...once, client_id: clientId }), 'consent')
  })

  it('CO-12 nothing is kept of a client that is always asked about', async () => {
    const test = server()
    const browser = createBrowser(test.server)
    await allow(test, browser, { ...once, client_id: 'always' })
    const partitions = await test.storage.list?.('x', 'consents', { limit: 10, now: test.clock.now() })
    expect(partitions).toEqual([])
    expectForm(await authorize(browser, { ...once, client_id: 'always' }), 'consent')
  })

  it('answers a form that was opened before and sent after', async () => {
    const { test, browser } = await allowed()
    const more = { ...once, scope: 'read:application read:user' }
    const page = await authorize(browser, more)
    await allow(test, browser, more)
    const form = formOf(page.body, 'consent')
    form.fields.set('decision', 'deny')
    // It is allowed by now, in the other window: no answer of an old form takes that back, and none adds to it.
    expect((await browser.submit(form)).location?.searchParams.get('code')).toBeTruthy()
    expect(issuer).toContain('https')
  })
})
