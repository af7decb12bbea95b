// RFC 7662 §2: https://www.rfc-editor.org/rfc/rfc7662.html#section-2
import type { AccessTokenFormat } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { claimsOf, post, refresh } from '../support/flow.ts'
import { as, serviceServer } from '../support/service-server.ts'
import { issuer, mcp, otherResource, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

const introspect = (test: TestServer, token: string | undefined, caller = 'rs1') =>
  post(test, '/introspect', { token }, { basic: as(caller) })

describe.each<AccessTokenFormat>(['jwt', 'opaque'])('introspection of %s tokens', (accessTokenFormat) => {
  it('RV-11 tells what the token says, and nothing of the user’s profile', async () => {
    const test = serviceServer({ accessTokenFormat })
    const { accessToken } = await obtainTokens(test, { scope: 'openid email read:application' })
    const { status, headers, json } = await introspect(test, accessToken)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(json).toMatchObject({
      active: true,
      token_type: 'Bearer',
      iss: issuer,
      sub: 'alice',
      aud: mcp,
      client_id: 'claude-desktop-mcp',
      scope: 'openid email read:application',
    })
    expect(Object.keys(json).toSorted()).toEqual(
      [
        'active',
        'aud',
        'auth_time',
        'client_id',
        'exp',
        'grant_id',
        'iat',
        'iss',
        'jti',
        'scope',
        'sub',
        'token_type',
      ].toSorted(),
    )
  })

  it('RV-09 RV-12 answers exactly {"active":false} for unknown, expired, revoked and garbled tokens', async () => {
    const test = serviceServer({ accessTokenFormat })
    const first = await obtainTokens(test)
    const second = await obtainTokens(test)
    await post(test, '/revoke', { token: first.accessToken, client_id: 'claude-desktop-mcp' })
    const foreign = (await obtainTokens(testServer({ accessTokenFormat }))).accessToken
    for (const token of [
      'x',
      'a.b.c',
      first.accessToken,
      foreign,
      `${second.accessToken}x`,
      second.code,
      second.refreshToken,
    ])
      expect((await introspect(test, token)).json).toEqual({ active: false })
    expect((await introspect(test, second.accessToken)).json).toMatchObject({ active: true })
    test.clock.advance(901)
    expect((await introspect(test, second.accessToken)).json).toEqual({ active: false })
  })

  it('RV-13 calls no JWT of another type active, expired or not', async () => {
    const test = serviceServer({ accessTokenFormat })
    const { tokens } = await obtainTokens(test, { scope: 'openid read:application' })
    expect(tokens.id_token).toBeTypeOf('string')
    expect((await introspect(test, tokens.id_token)).json).toEqual({ active: false })
    test.clock.advance(901)
    expect((await introspect(test, tokens.id_token)).json).toEqual({ active: false })
  })

  it('RV-09 a revoked access token leaves the refresh token alone, a revoked grant stops everything', async () => {
    const test = serviceServer({ accessTokenFormat })
    const { accessToken, refreshToken } = await obtainTokens(test)
    await post(test, '/revoke', { token: accessToken, client_id: 'claude-desktop-mcp' })
    const refreshed = await refresh(test, refreshToken)
    expect(refreshed.status).toBe(200)
    expect((await introspect(test, refreshed.json.access_token)).json).toMatchObject({ active: true })
    await post(test, '/revoke', { token: refreshed.json.refresh_token, client_id: 'claude-desktop-mcp' })
    expect((await introspect(test, refreshed.json.access_token)).json).toEqual({ active: false })
  })

  it('tells nothing to a caller that speaks for another resource, or for none', async () => {
    const test = serviceServer({ accessTokenFormat })
    const { accessToken } = await obtainTokens(test)
    expect((await introspect(test, accessToken, 'rs2')).json).toEqual({ active: false })
    expect((await introspect(test, accessToken, 'svc')).json).toEqual({ active: false })
  })

  it('CA-25 is refused to a public client and without authentication', async () => {
    const test = serviceServer({ accessTokenFormat })
    const { accessToken } = await obtainTokens(test)
    for (const parameters of [
      { token: accessToken },
      { token: accessToken, client_id: 'claude-desktop-mcp' },
    ]) {
      const { status, json } = await post(test, '/introspect', parameters)
      expect([status, json.error]).toEqual([401, 'invalid_client'])
    }
  })

  it('RV-07 needs a token, and POST', async () => {
    const test = serviceServer({ accessTokenFormat })
    expect((await introspect(test, undefined)).json.error).toBe('invalid_request')
    expect((await test.server.handle(new Request(`${issuer}/introspect?token=x`)))?.status).toBe(405)
  })

  it('the function in the same process says the same, in one round trip', async () => {
    const test = serviceServer({ accessTokenFormat })
    const { accessToken = '' } = await obtainTokens(test)
    expect(await test.server.introspect(accessToken)).toMatchObject({ sub: 'alice', aud: mcp })
    expect(await test.server.introspect('x')).toBeUndefined()
  })

  it('a token of client credentials is active until its client revokes it', async () => {
    const test = serviceServer({ accessTokenFormat })
    const { json } = await post(
      test,
      '/token',
      { grant_type: 'client_credentials', resource: mcp },
      { basic: as('svc') },
    )
    expect((await introspect(test, json.access_token)).json).toMatchObject({
      active: true,
      sub: 'client:svc',
    })
    await post(test, '/revoke', { token: json.access_token }, { basic: as('svc') })
    expect((await introspect(test, json.access_token)).json).toEqual({ active: false })
  })
})

describe('opaque access tokens', () => {
  it('PV-06 show nothing, and their storage does not show them', async () => {
    const test = serviceServer({ accessTokenFormat: 'opaque' })
    const { accessToken = '' } = await obtainTokens(test)
    expect(accessToken).toMatch(/^[\w-]{22}\.[\w-]{43}$/)
    expect(() => claimsOf(accessToken)).toThrow()
    const grantId = accessToken.slice(0, 22)
    const { partition } = { partition: (await partitionsOf(test)).grant(grantId) }
    const ids = await test.storage.list(partition, 'access_tokens', { limit: 10, now: test.clock.now() })
    expect(ids).toHaveLength(1)
    expect(accessToken).not.toContain(ids[0])
  })

  it('can be the choice of one resource', async () => {
    const resources = [{ resource: mcp, accessTokenFormat: 'opaque' as const }, { resource: otherResource }]
    const test = serviceServer({ resources })
    expect((await obtainTokens(test)).accessToken).toMatch(/^[\w-]{22}\.[\w-]{43}$/)
  })
})

async function partitionsOf(_test: TestServer) {
  const { createPartitions } = await import('../../src/partitions.ts')
  return createPartitions(issuer)
}
