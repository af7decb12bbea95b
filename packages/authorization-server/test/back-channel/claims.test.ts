// RFC 9068 §2.2.2: https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2.2
import type { AuthorizationServerOptions, ClaimsOptions } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { claimsOf, obtainCode, post, redeem } from '../support/flow.ts'
import { as, serviceServer } from '../support/service-server.ts'
import { issuer, mcp, otherResource, testServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

const user = {
  claims: { name: 'Alice', email: 'alice@example.com', work: { team: 'blue' }, note: 'private' },
}
const withClaims = (claims: ClaimsOptions, options: Partial<AuthorizationServerOptions> = {}) =>
  testServer({ claims, findUser: async () => user, ...options })
const reserved = ['iss', 'sub', 'aud', 'exp', 'act', 'cnf', 'scope', 'client_id', 'jti', 'grant_id', 'active']

async function userinfo({ server }: ReturnType<typeof testServer>, token: string | undefined) {
  const headers = { authorization: `Bearer ${token}` }
  return (await server.handle(new Request(`${issuer}/userinfo`, { headers })))?.json()
}

describe('a claim goes where it was sent, and nowhere else', () => {
  it('from a mapping', async () => {
    const test = withClaims({
      accessToken: { team: 'work.team', 'https://acme.example/mail': 'email' },
      idToken: { division: 'work.team' },
      userinfo: { group: 'work.team' },
    })
    const { accessToken, tokens } = await obtainTokens(test, { scope: 'openid', resource: undefined })
    expect(claimsOf(accessToken)).toMatchObject({
      team: 'blue',
      'https://acme.example/mail': 'alice@example.com',
    })
    expect(claimsOf(tokens.id_token)).toMatchObject({ division: 'blue' })
    for (const claims of [claimsOf(accessToken), claimsOf(tokens.id_token)]) {
      expect(claims).not.toHaveProperty('note')
      expect(claims).not.toHaveProperty('group')
    }
    expect(claimsOf(tokens.id_token)).not.toHaveProperty('team')
    expect(await userinfo(test, accessToken)).toEqual({ sub: 'alice', group: 'blue' })
  })

  it('from a function, which learns for whom and what for', async () => {
    const asked: unknown[] = []
    const test = withClaims({
      add: (request) => {
        asked.push(request)
        return request.target === 'accessToken' ? { tenant: 't1' } : undefined
      },
    })
    const { accessToken, tokens } = await obtainTokens(test, { scope: 'openid read:application' })
    expect(claimsOf(accessToken).tenant).toBe('t1')
    expect(claimsOf(tokens.id_token)).not.toHaveProperty('tenant')
    const about = { clientId: 'claude-desktop-mcp', subject: 'alice', user }
    expect(asked).toMatchObject([
      { target: 'accessToken', resource: mcp, scopes: ['openid', 'read:application'], ...about },
      { target: 'idToken', ...about },
    ])
  })

  it('and nothing is taken from what an object inherits, or from a claim that is not there', async () => {
    const test = withClaims({ accessToken: { a: 'constructor', b: 'work.__proto__', c: 'missing.member' } })
    const { accessToken } = await obtainTokens(test)
    for (const name of ['a', 'b', 'c']) expect(claimsOf(accessToken)).not.toHaveProperty(name)
  })

  it('also in an opaque token, where introspection shows it', async () => {
    const test = serviceServer({ accessTokenFormat: 'opaque', claims: { add: () => ({ tenant: 't1' }) } })
    const { json } = await post(
      test,
      '/token',
      { grant_type: 'client_credentials', resource: mcp },
      { basic: as('svc') },
    )
    const told = await post(test, '/introspect', { token: json.access_token }, { basic: as('rs1') })
    expect(told.json).toMatchObject({ active: true, tenant: 't1' })
  })
})

describe('JW-26 what the server decides by', () => {
  it.each(reserved)('cannot be mapped: %s', (name) => {
    expect(() => withClaims({ accessToken: { [name]: 'email' } })).toThrow(TypeError)
  })

  it.each(reserved)('cannot be returned by the function: %s', async (name) => {
    const test = withClaims({ add: () => ({ [name]: 'x' }) })
    const obtained = await obtainCode(test)
    const { status, json } = await redeem(test, obtained)
    expect([status, json.error]).toEqual([500, 'server_error'])
    expect(test.events.at(-1)).toMatchObject({
      type: 'request.failed',
      message: expect.stringContaining(`reserved claim "${name}"`),
    })
  })

  it('leaves namespaced claims to the integrator', async () => {
    const test = withClaims({ add: () => ({ 'https://acme.example/sub': 'x' }) })
    expect(claimsOf((await obtainTokens(test)).accessToken)).toMatchObject({
      sub: 'alice',
      'https://acme.example/sub': 'x',
    })
  })
})

describe('a function that fails', () => {
  it.each([
    ['throws', () => Promise.reject(new Error('secret at /srv/claims.ts'))],
    ['returns a text', () => 'secret' as never],
    ['returns more than a token can carry', () => ({ secret: 'x'.repeat(9000) })],
  ])('and %s issues nothing and tells nothing, and the code stays good', async (_what, add) => {
    let failing = true
    const test = withClaims({ add: () => (failing ? add() : {}) })
    const obtained = await obtainCode(test)
    const { status, json } = await redeem(test, obtained)
    expect([status, json.error]).toEqual([500, 'server_error'])
    expect(JSON.stringify(json)).not.toMatch(/secret|srv/)
    failing = false
    expect((await redeem(test, obtained)).status).toBe(200)
  })
})

it.each([
  ['an unknown target', { access_token: { team: 'team' } }],
  ['a claim that maps to nothing', { accessToken: { team: '' } }],
  ['a path with a gap', { accessToken: { team: 'work..team' } }],
])('%s is a TypeError', (_what, claims) => {
  expect(() => withClaims(claims as ClaimsOptions)).toThrow(TypeError)
})

describe('how long a token lives and what it is for', () => {
  const resources = [{ resource: mcp, accessTokenLifetime: 60 }, { resource: otherResource }]

  it('the shorter of the two lifetimes that client and resource have', async () => {
    const test = testServer({ resources })
    expect((await obtainTokens(test)).tokens.expires_in).toBe(60)
    expect((await obtainTokens(test, { resource: otherResource })).tokens.expires_in).toBe(900)
  })

  it('CK-04 the lifetime of a resource is checked', () => {
    expect(() => testServer({ resources: [{ resource: mcp, accessTokenLifetime: 0 }] })).toThrow(TypeError)
  })

  it('a request that names no resource means the default one', async () => {
    const test = testServer({ defaultResource: otherResource })
    const { accessToken } = await obtainTokens(test, { resource: undefined })
    expect(claimsOf(accessToken).aud).toBe(otherResource)
    expect(() => testServer({ defaultResource: 'https://evil.example/' })).toThrow(TypeError)
  })
})
