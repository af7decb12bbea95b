// OpenID Connect Core 1.0 §5.3: https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
import { describe, expect, it } from 'vitest'
import { obtainTokens } from '../support/tokens.ts'
import { issuer, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'

const identity = { scope: 'openid profile email', resource: undefined }

async function userinfo(test: TestServer, token: string | undefined, init: RequestInit = {}, query = '') {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await test.server.handle(new Request(`${issuer}/userinfo${query}`, { headers, ...init }))
  if (response === undefined) throw new Error('/userinfo is not answered')
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown>,
  }
}

describe('userinfo', () => {
  it.each(['GET', 'POST'])(
    'answers %s with the claims that the scopes open, and no other',
    async (method) => {
      const test = testServer()
      const { accessToken } = await obtainTokens(test, identity)
      const { status, headers, json } = await userinfo(test, accessToken, { method })
      expect(status).toBe(200)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(json).toEqual({ sub: 'alice', name: 'Alice', email: 'alice@example.com', email_verified: true })
    },
  )

  it('N24 opens a claim by its exact scope only', async () => {
    const test = testServer()
    const { accessToken } = await obtainTokens(test, { scope: 'openid', resource: undefined })
    expect((await userinfo(test, accessToken)).json).toEqual({ sub: 'alice' })
  })

  it('MD-13 refuses a token for another audience with 401', async () => {
    const test = testServer()
    const { accessToken } = await obtainTokens(test, { scope: 'openid profile read:application' })
    const { status, headers } = await userinfo(test, accessToken)
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"')
  })

  it('MD-13 refuses a token without openid with 403', async () => {
    const test = testServer()
    const { accessToken } = await obtainTokens(test, { scope: 'profile email', resource: undefined })
    const { status, headers } = await userinfo(test, accessToken)
    expect(status).toBe(403)
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    expect(headers.get('www-authenticate')).toContain('scope="openid"')
  })

  it('MD-13 ignores a token in the query or the form', async () => {
    const test = testServer()
    const { accessToken = '' } = await obtainTokens(test, identity)
    expect((await userinfo(test, undefined, {}, `?access_token=${accessToken}`)).status).toBe(401)
    const body = new URLSearchParams({ access_token: accessToken })
    expect((await userinfo(test, undefined, { method: 'POST', body })).status).toBe(401)
  })

  it('RT-12 refuses refresh tokens, codes and ID tokens', async () => {
    const test = testServer()
    const { tokens, code, refreshToken } = await obtainTokens(test, identity)
    for (const token of [refreshToken, code, tokens.id_token, 'x'])
      expect((await userinfo(test, token)).status).toBe(401)
  })

  it('stops at once when the user is gone or the token ends', async () => {
    const test = testServer()
    const { accessToken } = await obtainTokens(test, identity)
    test.activeUsers.delete('alice')
    expect((await userinfo(test, accessToken)).status).toBe(401)
    const other = testServer()
    const expiring = await obtainTokens(other, identity)
    other.clock.advance(901)
    expect((await userinfo(other, expiring.accessToken)).status).toBe(401)
  })

  it('F11 can be reshaped for a relying party that expects another shape', async () => {
    const test = testServer({
      userinfo: (claims, { clientId }) => ({ status: 'ok', sub: claims.sub, name: clientId, data: claims }),
    })
    const { accessToken } = await obtainTokens(test, identity)
    expect((await userinfo(test, accessToken)).json).toMatchObject({
      status: 'ok',
      sub: 'alice',
      data: { name: 'Alice' },
    })
  })

  it('is not there when it is left out, nor in the metadata', async () => {
    const test = testServer({ endpoints: [] })
    expect(await test.server.handle(new Request(`${issuer}/userinfo`))).toBeUndefined()
    expect(
      Object.keys(await test.server.metadata()).filter((name) =>
        /userinfo|introspection|revocation/.test(name),
      ),
    ).toEqual([])
  })
})
