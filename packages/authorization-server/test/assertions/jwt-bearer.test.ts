// RFC 7523 §3: https://www.rfc-editor.org/rfc/rfc7523.html#section-3
// Identity Assertion Authorization Grant draft-00 §4.4: what an ID-JAG must be
import { authorizationCode, jwtBearer, refreshToken, registered } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, JwtBearerOptions } from '@gatewright/authorization-server'
import { generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { claimsOf, post } from '../support/flow.ts'
import { as } from '../support/service-server.ts'
import { issuer, mcp, otherResource, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { createIdp, idJag, idJagType, idpIssuer, usersOfIdp } from '../support/trusted-idp.ts'
import type { Claims } from '../support/trusted-idp.ts'
import { eventsOf } from '../support/tokens.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const idp = await createIdp()
const trusted = { issuer: idpIssuer, jwks: idp.jwks, subject: usersOfIdp }

const agent = (id: string, scopes?: readonly string[]) => ({
  client_id: id,
  client_secret: `${id}-secret`,
  grant_types: [grantType],
  resources: [mcp],
  ...(scopes === undefined ? {} : { scopes }),
})

function bearerServer(
  options: Partial<JwtBearerOptions> = {},
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  return testServer({
    clients: [
      registered(agent('agent', ['write:application', 'read:user']), agent('other', ['write:application']), {
        client_id: 'public',
        redirect_uris: ['http://127.0.0.1/cb'],
        grant_types: ['authorization_code', grantType],
      }),
    ],
    grants: [authorizationCode(), refreshToken(), jwtBearer({ issuers: [trusted], ...options })],
    ...overrides,
  })
}

type Changes = Readonly<Record<string, string | undefined>>

const present = (
  test: TestServer,
  assertion: string | undefined,
  parameters: Changes = {},
  client = 'agent',
) =>
  post(
    test,
    '/token',
    { grant_type: grantType, assertion, scope: 'read:application', ...parameters },
    { basic: as(client) },
  )

/** What becomes of an assertion with some claims changed. */
async function verdict(
  test: TestServer,
  changes: Claims,
  header: { typ?: string } = idJagType,
  key?: CryptoKey,
) {
  const { status, json } = await present(test, await idp.sign(idJag(test.clock.now(), changes), header, key))
  return [status, json.error, json.error_description]
}

const refused = [400, 'invalid_grant', 'the assertion is not valid']

describe('an identity assertion', () => {
  it('TX-20 becomes an access token of the user that it is about', async () => {
    const test = bearerServer()
    const { status, headers, json } = await present(test, await idp.sign(idJag(test.clock.now()), idJagType))
    expect(status, json.error_description).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(claimsOf(json.access_token)).toMatchObject({
      iss: issuer,
      sub: 'alice',
      client_id: 'agent',
      aud: mcp,
      scope: 'read:application',
    })
    expect(json.refresh_token).toBeUndefined()
    expect(await test.server.introspect(json.access_token ?? '')).toMatchObject({ sub: 'alice' })
    expect(eventsOf(test, 'token.issued')).toMatchObject([{ grantType, subject: 'alice', clientId: 'agent' }])
  })

  it.each<[string, unknown]>([
    ['two', [issuer, 'https://x.example']],
    ['the same one twice', [issuer, issuer]],
    ['none', []],
    ['an empty one', ''],
    ['the token endpoint', `${issuer}/token`],
    ['one that ends with a slash', `${issuer}/`],
  ])('TX-21 is refused with %s as its audience', async (_what, aud) => {
    expect(await verdict(bearerServer(), { aud })).toEqual(refused)
  })

  it('TX-22 is refused to a client that it does not name', async () => {
    const test = bearerServer()
    expect(await verdict(test, { client_id: 'other' })).toEqual(refused)
    expect(await verdict(test, { client_id: undefined })).toEqual(refused)
    const assertion = await idp.sign(idJag(test.clock.now()), idJagType)
    expect((await present(test, assertion, {}, 'other')).json.error).toBe('invalid_grant')
  })

  it('TX-23 works once, also when it is sent a hundred times at once (CC-04)', async () => {
    const test = bearerServer()
    const assertion = await idp.sign(idJag(test.clock.now()), idJagType)
    const answers = await Promise.all(Array.from({ length: 100 }, () => present(test, assertion)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await present(test, assertion)).json.error).toBe('invalid_grant')
  })

  it('TX-23 is not used up by a request that fails for another reason', async () => {
    const test = bearerServer()
    const assertion = await idp.sign(idJag(test.clock.now()), idJagType)
    expect((await present(test, assertion, { scope: 'admin:application' })).json.error).toBe('invalid_scope')
    expect((await present(test, assertion, { resource: otherResource })).json.error).toBe('invalid_target')
    expect((await present(test, assertion)).status).toBe(200)
  })

  it('TX-24 of an issuer that is not trusted gets the same answer, and nothing is fetched from there', async () => {
    const fetched: string[] = []
    const runtime = {
      now: () => Date.parse('2026-01-01T00:00:00Z'),
      randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
      fetch: (input: RequestInfo | URL) => {
        fetched.push(input instanceof Request ? input.url : input.toString())
        return Promise.reject(new Error('off'))
      },
    }
    const test = bearerServer({}, { runtime })
    for (const iss of ['https://evil.example', 'http://169.254.169.254', `${idpIssuer}/`, ''])
      expect(await verdict(test, { iss })).toEqual(refused)
    expect(fetched).toEqual([])
  })

  it.each<[string, Claims]>([
    ['is bound to a key', { cnf: { jkt: 'x' } }],
    ['carries authorization_details', { authorization_details: [{ type: 'payment' }] }],
    ['names a scope that is no text', { scope: ['read:application'] }],
    ['names a resource that is no text', { resource: { x: 1 } }],
  ])('TX-25 that %s is refused, since dropping a limit would widen it', async (_what, changes) => {
    expect(await verdict(bearerServer(), changes)).toEqual(refused)
  })

  it.each<[string, (now: number) => Claims]>([
    ['good for more than five minutes', (now) => ({ exp: now + 301 })],
    ['good for ever', (now) => ({ exp: now + 1e12 })],
    ['without an end', () => ({ exp: undefined })],
    ['expired', (now) => ({ iat: now - 300, exp: now })],
    ['issued in the future', (now) => ({ iat: now + 61, exp: now + 200 })],
    ['not issued at all', () => ({ iat: undefined })],
    ['not good yet', (now) => ({ nbf: now + 61 })],
  ])('TX-26 is refused when it is %s', async (_what, changes) => {
    const test = bearerServer()
    expect(await verdict(test, changes(test.clock.now() / 1000))).toEqual(refused)
  })

  it('TX-26 may come from a clock that is a little ahead', async () => {
    const test = bearerServer()
    const now = test.clock.now() / 1000
    expect((await verdict(test, { iat: now + 30, nbf: now + 30 }))[0]).toBe(200)
  })

  it('TX-27 of this server itself is refused, even where its name is trusted', async () => {
    const own = { ...trusted, issuer }
    const test = bearerServer({ issuers: [own] })
    expect(await verdict(test, { iss: issuer })).toEqual(refused)
  })

  it.each<[string, Claims]>([
    ['no id', { jti: undefined }],
    ['an empty id', { jti: '' }],
    ['no subject', { sub: undefined }],
    ['a subject that is no user here', { sub: 'u-9' }],
  ])('with %s is refused', async (_what, changes) => {
    expect(await verdict(bearerServer(), changes)).toEqual(refused)
  })

  it('of another type, with another key or garbled is refused', async () => {
    const test = bearerServer()
    for (const typ of ['JWT', 'at+jwt', 'dpop+jwt']) expect(await verdict(test, {}, { typ })).toEqual(refused)
    expect(await verdict(test, {}, {})).toEqual(refused)
    const { privateKey } = await generateKeyPair('ES256')
    expect(await verdict(test, {}, idJagType, privateKey)).toEqual(refused)
    for (const text of ['x', 'a.b.c', 'x'.repeat(20_000), `${btoa('{"alg":"none"}')}.${btoa('{}')}.`])
      expect((await present(test, text)).json.error).toBe('invalid_grant')
    expect((await present(test, undefined)).json.error).toBe('invalid_request')
  })

  it('limits scope and resource, and so do the client and the user', async () => {
    const test = bearerServer()
    const get = async (changes: Claims, parameters: Changes = {}) => {
      const assertion = await idp.sign(idJag(test.clock.now(), changes), idJagType)
      const { json } = await present(test, assertion, { scope: undefined, ...parameters })
      return json.scope ?? json.error
    }
    expect(await get({ scope: 'read:application admin:application' })).toBe('read:application')
    expect(await get({ scope: 'read:application' }, { scope: 'write:application' })).toBe('invalid_scope')
    expect(await get({ sub: 'u-1003' }, { scope: 'write:application' })).toBe('invalid_scope')
    expect(await get({ sub: 'u-1003' }, { scope: 'read:application' })).toBe('read:application')
    expect(await get({ scope: 'openid' })).toBe('invalid_scope')
    expect(await get({ resource: otherResource })).toBe('invalid_target')
    expect(await get({ resource: [mcp], scope: 'read:user' })).toBe('read:user')
  })

  it('is not for public clients, nor for a user who is gone, nor against a policy', async () => {
    const test = bearerServer(
      {},
      { policies: [({ request }) => ({ allowed: request.oauth.subject_token?.claims['sub'] !== 'u-1003' })] },
    )
    const assertion = await idp.sign(idJag(test.clock.now(), { client_id: 'public' }), idJagType)
    const { json } = await post(test, '/token', { grant_type: grantType, assertion, client_id: 'public' })
    expect(json.error).toBe('unauthorized_client')
    expect((await verdict(test, { sub: 'u-1003' }))[1]).toBe('access_denied')
    test.activeUsers.delete('alice')
    expect(await verdict(test, {})).toEqual(refused)
  })

  it('that names a client as its user is refused', async () => {
    const test = bearerServer({ issuers: [{ ...trusted, subject: () => 'client:agent' }] })
    expect(await verdict(test, {})).toEqual(refused)
  })

  it('tells the operator why, and the client not', async () => {
    const test = bearerServer()
    await verdict(test, { aud: 'https://x.example' })
    const [event] = eventsOf(test, 'token.refused')
    expect(String(event?.cause)).toContain('audience')
  })
})

describe('the keys of an issuer', () => {
  const remote = { issuer: idpIssuer, jwks_uri: `${idpIssuer}/jwks`, subject: usersOfIdp }
  const runtimeWith = (fetch: typeof globalThis.fetch) => ({
    now: () => Date.now(),
    randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
    fetch,
  })

  it('are fetched when they are needed, once', async () => {
    const fetched: string[] = []
    const runtime = runtimeWith(async (input) => {
      fetched.push(input instanceof Request ? input.url : input.toString())
      return new Response(JSON.stringify(idp.jwks), { headers: { 'content-type': 'application/json' } })
    })
    const test = bearerServer({ issuers: [remote] }, { runtime })
    for (let round = 0; round < 3; round++) {
      const assertion = await idp.sign(idJag(Date.now()), idJagType)
      expect((await present(test, assertion)).status).toBe(200)
    }
    expect(fetched).toEqual([`${idpIssuer}/jwks`])
  })

  it('that cannot be read are an outage, not a fault of the assertion', async () => {
    const runtime = runtimeWith(() => Promise.reject(new Error('down')))
    const test = bearerServer({ issuers: [remote] }, { runtime })
    const { status, json } = await present(test, await idp.sign(idJag(Date.now()), idJagType))
    expect([status, json.error]).toEqual([503, 'temporarily_unavailable'])
  })

  it.each<[string, object[]]>([
    ['no issuer', []],
    ['an issuer twice', [trusted, trusted]],
    ['an issuer without keys', [{ issuer: idpIssuer, subject: usersOfIdp }]],
    ['keys in two places', [{ ...trusted, jwks_uri: 'https://idp.example.com/jwks' }]],
    ['no subject', [{ issuer: idpIssuer, jwks: idp.jwks }]],
    ['a symmetric algorithm', [{ ...trusted, algorithms: ['HS256'] }]],
    ['an issuer over http', [{ ...trusted, issuer: 'http://idp.example.com' }]],
  ])('%s is refused at once', (_what, issuers) => {
    expect(() => jwtBearer({ issuers: issuers as never })).toThrow(TypeError)
  })
})

describe('any other assertion', () => {
  it('is taken where the operator says so, and may leave the client open', async () => {
    const test = bearerServer({ accept: 'jwt' })
    const get = async (changes: Claims, header = {}) => (await verdict(test, changes, header)).slice(0, 2)
    expect(await get({ client_id: undefined })).toEqual([200, undefined])
    expect(await get({}, { typ: 'JWT' })).toEqual([200, undefined])
    expect(await get({ client_id: 'other' })).toEqual([400, 'invalid_grant'])
    expect(await get({}, { typ: 'at+jwt' })).toEqual([400, 'invalid_grant'])
    expect(() => jwtBearer({ issuers: [trusted], accept: 'any' as 'jwt' })).toThrow(TypeError)
  })
})

describe('an assertion whose token could not be made', () => {
  it('is not used up by a failing claims function, and works afterwards, once', async () => {
    let fails = true
    const add = () => {
      if (fails) throw new Error('the directory is down')
      return undefined
    }
    for (const accessTokenFormat of ['jwt', 'opaque'] as const) {
      fails = true
      const test = bearerServer({}, { claims: { add }, accessTokenFormat })
      const assertion = await idp.sign(idJag(test.clock.now()), idJagType)
      expect((await present(test, assertion)).json).toMatchObject({ error: 'server_error' })
      fails = false
      expect((await present(test, assertion)).status).toBe(200)
      expect((await present(test, assertion)).json.error).toBe('invalid_grant')
      expect(eventsOf(test, 'token.issued')).toHaveLength(1)
    }
  })
})
