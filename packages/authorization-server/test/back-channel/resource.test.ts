// RFC 8707 §2.2: https://www.rfc-editor.org/rfc/rfc8707.html#section-2.2
import { defineScopes } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { claimsOf, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'
import { obtainCodeForBoth, obtainTokens } from '../support/tokens.ts'

const redemption = ({ code, verifier }: { code: string; verifier: string }) => ({
  grant_type: 'authorization_code',
  client_id: 'claude-desktop-mcp',
  code,
  code_verifier: verifier,
})

describe('the resource of a token', () => {
  it('RS-06 when two were granted the token request has to name one', async () => {
    const test = testServer()
    const code = await obtainCodeForBoth(test)
    const open = await post(test, '/token', redemption(code))
    expect([open.status, open.json.error]).toEqual([400, 'invalid_target'])
    const { status, json } = await post(test, '/token', { ...redemption(code), resource: otherResource })
    expect([status, claimsOf(json.access_token).aud]).toEqual([200, otherResource])
    expect((await refresh(test, json.refresh_token)).json.error).toBe('invalid_target')
    const next = await refresh(test, json.refresh_token, { resource: mcp })
    expect(claimsOf(next.json.access_token).aud).toBe(mcp)
  })

  it('RS-06 one token is never for two resources', async () => {
    const test = testServer()
    const code = await obtainCodeForBoth(test)
    const form = new URLSearchParams({ ...redemption(code), resource: mcp })
    form.append('resource', otherResource)
    const { status, json } = await post(test, '/token', form.toString())
    expect([status, json.error]).toEqual([400, 'invalid_target'])
    expect((await post(test, '/token', { ...redemption(code), resource: mcp })).status).toBe(200)
  })

  it.each([
    ['another one of the server', otherResource],
    ['an unknown one', 'https://unknown.example/'],
    ['one with a fragment', `${mcp}#f`],
    ['a relative one', '/mcp'],
    ['no URL', 'mcp'],
    ['an ftp URL', 'ftp://auth.example.com/mcp'],
    ['one without a host', 'https:///mcp'],
    ['one with a slash more', `${mcp}/`],
    ['one with another path case', 'https://auth.example.com/MCP'],
    ['one with credentials', 'https://u:p@auth.example.com/mcp'],
    ['one with a query', `${mcp}?x=1`],
    ['one of 3 KB', `${mcp}${'x'.repeat(3000)}`],
    ['the issuer', 'https://auth.example.com'],
  ])('RS-02 RS-03 %s is invalid_target, and the code stays good', async (_what, resource) => {
    const test = testServer()
    const code = await obtainCode(test)
    const { status, json } = await redeem(test, code, { resource })
    expect([status, json.error]).toEqual([400, 'invalid_target'])
    expect((await redeem(test, code)).status).toBe(200)
  })

  it.each(['HTTPS://AUTH.EXAMPLE.COM/mcp', 'https://auth.example.com:443/mcp'])(
    'RS-04 %s is the same resource, and the token carries its configured name',
    async (resource) => {
      const test = testServer()
      const { status, json } = await redeem(test, await obtainCode(test), { resource })
      expect([status, claimsOf(json.access_token).aud]).toEqual([200, mcp])
    },
  )

  it('RS-07 when one was granted it need not be named', async () => {
    const test = testServer()
    const { json } = await redeem(test, await obtainCode(test), { resource: undefined })
    expect(claimsOf(json.access_token).aud).toBe(mcp)
    expect(claimsOf((await refresh(test, json.refresh_token)).json.access_token).aud).toBe(mcp)
  })

  it('AC-20 a token carries only the scopes that mean something at its resource', async () => {
    const resources = [
      { resource: mcp, scopes: ['read:application', 'write:application'] },
      { resource: otherResource, scopes: ['read:user'] },
    ]
    const test = testServer({ resources })
    const { verifier, code } = await obtainCodeForBoth(test, { scope: 'openid read:application read:user' })
    const request = redemption({ code, verifier })
    const first = await post(test, '/token', { ...request, resource: mcp })
    expect(first.json.scope).toBe('openid read:application')
    const second = await refresh(test, first.json.refresh_token, { resource: otherResource })
    expect(second.json.scope).toBe('openid read:user')
    const nothing = await refresh(test, second.json.refresh_token, { resource: mcp, scope: 'read:user' })
    expect(nothing.json.error).toBe('invalid_scope')
  })

  it('a token for the identity alone is for the server itself, and for no resource', async () => {
    const test = testServer()
    const { json } = await redeem(test, await obtainCode(test, { scope: 'openid', resource: undefined }), {
      resource: undefined,
    })
    expect(claimsOf(json.access_token)).toMatchObject({ aud: 'https://auth.example.com', scope: 'openid' })
    const { status, json: refused } = await refresh(test, json.refresh_token, { resource: mcp })
    expect([status, refused.error]).toEqual([400, 'invalid_target'])
  })

  it('a resource that the server has given up gets no tokens any more, and no others in its place', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const later = testServer({ storage: test.storage, resources: [{ resource: otherResource }] })
    for (const resource of [undefined, mcp, otherResource])
      expect((await refresh(later, refreshToken, { resource })).json.error).toBe('invalid_target')
  })

  it('a scope that the server has given up is left out', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const later = testServer({ storage: test.storage, scopes: defineScopes({ 'read:application': 'View' }) })
    expect((await refresh(later, refreshToken)).json.scope).toBe('read:application')
  })
})
