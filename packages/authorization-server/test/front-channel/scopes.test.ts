// RFC 6749 §3.3: https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectRedirectError } from '../support/expectations.ts'
import { approve, authorize, claimsOf, logIn, obtainCode, redeem, refresh } from '../support/flow.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'

function refused(overrides: Readonly<Record<string, string | undefined>>, test = testServer()) {
  return authorize(createBrowser(test.server), overrides)
}

async function consentFor(username: string, scope: string, test = testServer()) {
  const browser = createBrowser(test.server)
  const page = await authorize(browser, { scope })
  return { test, browser, landing: await logIn(browser, page.body, username) }
}

describe('the scopes of an authorization request', () => {
  it('D6 an unknown scope is refused, also beside known ones', async () => {
    expectRedirectError(await refused({ scope: 'unknown' }), 'invalid_scope')
    expectRedirectError(await refused({ scope: 'read:application unknown' }), 'invalid_scope')
  })

  it('SC-05 names are compared as they are: nothing is folded or normalised', async () => {
    const lookalikes = [
      'READ:application',
      'ｒead:application',
      'read:application\u200b',
      'read:applicatio\u006e\u0301',
    ]
    for (const scope of lookalikes) expectRedirectError(await refused({ scope }), 'invalid_scope')
  })

  it('SC-06 a pattern is an unknown name', async () => {
    for (const scope of ['*', 'read:*', '.*', '*:*', 'read:application*', '%'])
      expectRedirectError(await refused({ scope }), 'invalid_scope')
  })

  it('SC-06 names of prototype members are unknown', async () => {
    for (const scope of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expectRedirectError(await refused({ scope }), 'invalid_scope')
  })

  it('SC-04 repetition counts once, and order changes nothing', async () => {
    const test = testServer()
    const twice = 'write:application read:application write:application'
    const { code, verifier } = await obtainCode(test, { scope: twice })
    const { json } = await redeem(test, { code, verifier })
    expect(json.scope?.split(' ').sort()).toEqual(['read:application', 'write:application'])
  })

  it('an alias asks for the scope that it stands for', async () => {
    const { landing } = await consentFor('alice', 'application:read')
    expect(landing.body).toContain('View applications')
  })

  it('a scope that the client may not have is left out, and refused when nothing is left', async () => {
    const test = testServer()
    const narrow = { client_id: 'narrow', scope: 'read:application admin:application' }
    const { code, verifier } = await obtainCode(test, narrow)
    const { json } = await redeem(test, { code, verifier }, { client_id: 'narrow' })
    expect(json.scope).toBe('read:application')
    expectRedirectError(await refused({ ...narrow, scope: 'admin:application' }), 'invalid_scope')
  })

  it('a scope that no named resource knows is left out, and refused when nothing is left', async () => {
    const resources = [
      { resource: mcp, scopes: ['read:application'] },
      { resource: otherResource, scopes: ['read:user'] },
    ]
    const test = testServer({ resources })
    const request = { scope: 'read:application read:user', resource: mcp }
    const { code, verifier } = await obtainCode(test, request)
    expect((await redeem(test, { code, verifier })).json.scope).toBe('read:application')
    expectRedirectError(await refused({ ...request, scope: 'read:user' }, test), 'invalid_scope')
  })

  it('a request that names none gets the default of the resource', async () => {
    const resources = [{ resource: mcp, defaultScopes: ['read:user'] }, { resource: otherResource }]
    const test = testServer({ resources })
    const { code, verifier } = await obtainCode(test, { scope: undefined })
    expect((await redeem(test, { code, verifier })).json.scope).toBe('read:user')
  })
})

describe('what the user may grant', () => {
  it('SC-02 a scope that the user may not grant is neither offered nor granted, and the response says so', async () => {
    const { test, browser, landing } = await consentFor('carol', 'read:application write:application')
    expectForm(landing, 'consent')
    expect(landing.body).not.toContain('write:application')
    const { location } = await approve(browser, landing.body, ['read:application', 'write:application'])
    expect(location?.searchParams.get('code')).toBeTruthy()
    const request = { scope: 'read:application write:application' }
    const { code, verifier } = await obtainCode(test, request, { username: 'carol' })
    expect((await redeem(test, { code, verifier })).json.scope).toBe('read:application')
  })

  it('SC-02 nothing left to grant is access_denied', async () => {
    const { landing } = await consentFor('carol', 'admin:application')
    expectRedirectError(landing, 'access_denied')
  })

  it('SC-02 an entitlement covers what it implies, and nothing above it', async () => {
    const findUser = async () => ({ scopes: ['write:application'] })
    const wanted = 'read:application write:application admin:application'
    const test = testServer({ findUser })
    const { code, verifier } = await obtainCode(test, { scope: wanted })
    expect((await redeem(test, { code, verifier })).json.scope).toBe('read:application write:application')
  })

  it('SC-02 a user without any entitlement grants nothing', async () => {
    const test = testServer({ findUser: async () => ({ scopes: [] }) })
    expectRedirectError((await consentFor('alice', 'read:application', test)).landing, 'access_denied')
  })

  it('SC-02 an entitlement lost between approval and redemption is not in the token', async () => {
    const test = testServer()
    const { code, verifier } = await obtainCode(test)
    test.activeUsers.set('alice', { password: 'alice-pw', scopes: ['read:application'] })
    expect((await redeem(test, { code, verifier })).json.scope).toBe('read:application')
  })

  it('SC-03 a scope that the user leaves out is not in the token, and the response says so', async () => {
    const test = testServer()
    const { code, verifier } = await obtainCode(test, {}, { only: ['read:application'] })
    const { json } = await redeem(test, { code, verifier })
    expect(json.scope).toBe('read:application')
    expect(claimsOf(json.access_token).scope).toBe('read:application')
  })

  it('SC-03 a form without any scope is a refusal', async () => {
    const { browser, landing } = await consentFor('alice', 'read:application')
    expectRedirectError(await approve(browser, landing.body, []), 'access_denied')
  })

  it('SC-09 a client steps up by asking for the union, SC-10 and the old grant stays what it was', async () => {
    const test = testServer()
    const first = await obtainCode(test, { scope: 'read:application' })
    const old = await redeem(test, first)
    expect(old.json.scope).toBe('read:application')
    const second = await obtainCode(test, {}, { browser: first.browser })
    expect((await redeem(test, second)).json.scope).toBe('read:application write:application')
    expect((await refresh(test, old.json.refresh_token)).json.scope).toBe('read:application')
  })

  it('SC-14 the wider request asks the user again', async () => {
    const test = testServer()
    const { browser } = await obtainCode(test, { scope: 'read:application' })
    expectForm(await authorize(browser), 'consent')
  })
})
