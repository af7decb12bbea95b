// RFC 8707: https://www.rfc-editor.org/rfc/rfc8707.html
import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { expectForm, expectRedirectError } from '../support/expectations.ts'
import {
  approve,
  authorizationParameters,
  authorize,
  authorizeUrl,
  claimsOf,
  obtainCode,
  redeem,
  redirectUri,
  refresh,
} from '../support/flow.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'

function refused(overrides: Readonly<Record<string, string | undefined>>, test = testServer()) {
  return authorize(createBrowser(test.server), overrides)
}

async function withResources(resources: readonly string[], test = testServer()) {
  const { query } = await authorizationParameters({ resource: undefined })
  const named = resources.map((resource) => `&resource=${encodeURIComponent(resource)}`).join('')
  return createBrowser(test.server).send(authorizeUrl(query + named))
}

describe('the resource of an authorization request', () => {
  it('RS-02 an unknown resource is refused, alone and beside a known one', async () => {
    expectRedirectError(await refused({ resource: 'https://unknown.example/' }), 'invalid_target')
    expectRedirectError(await withResources([mcp, 'https://unknown.example/']), 'invalid_target')
  })

  it('RS-03 what is no absolute resource identifier is refused', async () => {
    const wrong = [
      `${mcp}#fragment`,
      `${mcp}#`,
      '/mcp',
      '//auth.example.com/mcp',
      'mcp',
      'https:///mcp',
      'ftp://auth.example.com/mcp',
      'https:auth.example.com/mcp',
      'https://user:pw@auth.example.com/mcp',
      `${mcp}?${'x'.repeat(3000)}`,
      `${mcp}\u0000`,
      ` ${mcp}`,
    ]
    for (const resource of wrong) expectRedirectError(await refused({ resource }), 'invalid_target')
  })

  it('RS-04 scheme and host ignore case, the default port may be named, and the path is exact', async () => {
    for (const resource of ['HTTPS://AUTH.EXAMPLE.COM/mcp', 'https://auth.example.com:443/mcp'])
      expectForm(await refused({ resource }), 'login')
    const other = ['\\x/mcp', '\t/mcp', '/mcp/', '/MCP', '/mcp?x=1', '/./mcp', '/x/../mcp', '/%6dcp', '']
    for (const path of other)
      expectRedirectError(await refused({ resource: `https://auth.example.com${path}` }), 'invalid_target')
    expectRedirectError(await refused({ resource: 'https://auth.example.com:8443/mcp' }), 'invalid_target')
    expectRedirectError(await refused({ resource: 'http://auth.example.com/mcp' }), 'invalid_target')
  })

  it('RS-04 a bare origin is the same with and without its slash', async () => {
    for (const configured of ['https://api.example.com', 'https://api.example.com/'])
      for (const resource of ['https://api.example.com', 'https://API.example.com:443/']) {
        const test = testServer({ resources: [{ resource: configured }] })
        const { code, verifier } = await obtainCode(test, { resource })
        const { json } = await redeem(test, { code, verifier }, { resource })
        // The audience is what the operator wrote, whatever spelling the client chose.
        expect(claimsOf(json.access_token).aud).toBe(configured)
      }
  })

  it('RS-07 the only resource is the default, and among several one must be named', async () => {
    const one = testServer({ resources: [{ resource: mcp }] })
    const { code, verifier } = await obtainCode(one, { resource: undefined })
    const { json } = await redeem(one, { code, verifier }, { resource: undefined })
    expect(claimsOf(json.access_token).aud).toBe(mcp)
    expectRedirectError(await refused({ resource: undefined }), 'invalid_target')
    expectRedirectError(await refused({ resource: '' }), 'invalid_target')
  })

  it('RS-07 the only resource that is open to the client is its default', async () => {
    const narrow = { client_id: 'one', redirect_uris: [redirectUri], resources: [otherResource] }
    const test = testServer({ clients: [registered(narrow)] })
    expectForm(await refused({ client_id: 'one', resource: undefined }, test), 'login')
    expectForm(await refused({ client_id: 'one', resource: otherResource }, test), 'login')
    expectRedirectError(await refused({ client_id: 'one', resource: mcp }, test), 'invalid_target')
  })

  it('RS-14 more than ten resources are refused, also when all are the same', async () => {
    expectForm(await withResources(Array.from({ length: 10 }, () => mcp)), 'login')
    expectRedirectError(await withResources(Array.from({ length: 11 }, () => mcp)), 'invalid_target')
  })
})

describe('the audience of what was approved', () => {
  const both = { resource: undefined }

  async function grantedBoth() {
    const test = testServer()
    const { query, verifier } = await authorizationParameters(both)
    const named = [mcp, otherResource].map((resource) => `&resource=${encodeURIComponent(resource)}`).join('')
    const { browser } = await obtainCode(test)
    const consent = await browser.send(authorizeUrl(query + named))
    const { location } = await approve(browser, consent.body)
    return { test, obtained: { code: location?.searchParams.get('code') ?? '', verifier } }
  }

  it('RS-06 of two granted resources the token request must name one, and the code is not spent on that', async () => {
    const { test, obtained } = await grantedBoth()
    const silent = await redeem(test, obtained, { resource: undefined })
    expect([silent.status, silent.json.error]).toEqual([400, 'invalid_target'])
    const form = { resource: otherResource }
    const { json } = await redeem(test, obtained, form)
    expect(claimsOf(json.access_token).aud).toBe(otherResource)
  })

  it('RS-05 a resource that was not approved is refused at the token endpoint, at redemption and at refresh', async () => {
    const test = testServer()
    const obtained = await obtainCode(test, { resource: mcp })
    const other = await redeem(test, obtained, { resource: otherResource })
    expect([other.status, other.json.error]).toEqual([400, 'invalid_target'])
    const { json } = await redeem(test, obtained)
    const refreshed = await refresh(test, json.refresh_token, { resource: otherResource })
    expect([refreshed.status, refreshed.json.error]).toEqual([400, 'invalid_target'])
    expect((await refresh(test, json.refresh_token, { resource: mcp })).status).toBe(200)
  })

  it('a request for identity alone needs no resource, and its token is for no resource', async () => {
    const test = testServer()
    const request = { scope: 'openid profile', resource: undefined }
    const { code, verifier } = await obtainCode(test, request)
    const { json } = await redeem(test, { code, verifier }, { resource: undefined })
    expect(claimsOf(json.access_token).aud).toBe('https://auth.example.com')
    expect(claimsOf(json.id_token).aud).toBe('claude-desktop-mcp')
    const stretched = await refresh(test, json.refresh_token, { resource: mcp })
    expect(stretched.json.error).toBe('invalid_target')
  })
})
