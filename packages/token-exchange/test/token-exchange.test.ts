import type { GatewrightEvent } from '@gatewright/core'
import { ClientSecretPost } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import {
  createTokenExchange,
  type ExchangedToken,
  type ExchangeSubject,
  type TokenExchangeOptions,
} from '../src/index.ts'
import { delegated, issuer, jwt, stubAuthorizationServer } from './stub-authorization-server.ts'

// https://www.rfc-editor.org/rfc/rfc8693.html

const target = { resource: 'https://ledger.example.com/', scopes: ['ledger:ListAccounts'], lifetime: 5 }
const alice: ExchangeSubject = { token: 'alice:token', subject: 'alice', clientId: 'claude-public' }
const bob: ExchangeSubject = { token: 'bob:token', subject: 'bob', clientId: 'claude-public' }

function gateway(
  answer: Parameters<typeof stubAuthorizationServer>[0] = (parameters) => delegated(parameters),
  options: Partial<TokenExchangeOptions> = {},
) {
  const server = stubAuthorizationServer(answer)
  const events: GatewrightEvent[] = []
  const made = createTokenExchange({
    issuer,
    clientId: 'ai-identity-gateway',
    clientSecret: 'gateway-secret',
    runtime: server.runtime,
    onEvent: (event) => events.push(event),
    ...options,
  })
  return {
    exchange: (...parameters: Parameters<typeof made.exchange>) => made.exchange(...parameters),
    forget: (token: ExchangedToken) => made.forget(token),
    server,
    events,
  }
}

describe('a request', () => {
  it('TX-02 TX-09 TX-14 TX-19 names every type and the scope, and no actor token without one', async () => {
    const { exchange, server } = gateway()
    await exchange(alice, target)
    const [request] = server.exchanges()
    expect(Object.fromEntries(request?.parameters ?? [])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'alice:token',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: 'https://ledger.example.com/',
      scope: 'ledger:ListAccounts',
    })
    expect(request?.headers.get('authorization')).toMatch(/^Basic /)
  })

  it('TX-09 sends an actor token together with its type', async () => {
    const { exchange, server } = gateway(undefined, { actorToken: () => 'actor-token' })
    await exchange(alice, target)
    const [request] = server.exchanges()
    expect(request?.parameters.get('actor_token')).toBe('actor-token')
    expect(request?.parameters.get('actor_token_type')).toBe('urn:ietf:params:oauth:token-type:access_token')
  })

  it('TX-12 has no place for claims, whatever the caller object carries', async () => {
    const { exchange, server } = gateway()
    await exchange(
      { ...alice, act: { sub: 'admin' }, sub: 'admin', claims: { sub: 'admin' } } as ExchangeSubject,
      target,
    )
    for (const name of ['act', 'sub', 'claims'])
      expect(server.exchanges()[0]?.parameters.has(name)).toBe(false)
  })

  it('authenticates as the integrator says, and at a token endpoint that is named', async () => {
    const { exchange, server } = gateway(undefined, {
      clientSecret: undefined,
      clientAuthentication: ClientSecretPost('gateway-secret'),
      tokenEndpoint: `${issuer}/other/token`,
    })
    await exchange(alice, { audience: 'ledger', scopes: ['ledger:ListAccounts'] })
    expect(server.requests.map(({ url }) => url)).toEqual([`${issuer}/other/token`])
    expect(server.requests[0]?.parameters.get('client_secret')).toBe('gateway-secret')
    expect(server.requests[0]?.parameters.get('audience')).toBe('ledger')
  })

  it.each([
    [{ scopes: ['a'] }, /resource or an audience/],
    [{ resource: '', scopes: ['a'] }, /resource or an audience/],
    [{ audience: 'x', scopes: [] }, /at least one scope/],
    [{ audience: 'x', scopes: ['a'], lifetime: 0 }, /whole number of seconds/],
    [{ audience: 'x', scopes: ['a'], lifetime: 1.5 }, /whole number of seconds/],
  ])('is not made for %j', async (incomplete, message) => {
    const { exchange, server } = gateway()
    await expect(exchange(alice, incomplete)).rejects.toThrow(message)
    expect(server.requests).toEqual([])
  })
})

describe('an answer', () => {
  const refused = async (changes: object, claims = {}, options: Partial<TokenExchangeOptions> = {}) => {
    const { exchange, server, events } = gateway(
      (parameters) => delegated(parameters, changes, claims),
      options,
    )
    const error = await exchange(alice, target).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    // What was refused is not given out the next time.
    if (error !== undefined) {
      await expect(exchange(alice, target)).rejects.toThrow()
      expect(server.exchanges()).toHaveLength(2)
      expect(events.map(({ type }) => type)).toEqual(['token.exchange_failed', 'token.exchange_failed'])
    }
    return error
  }
  const unexpected = { name: 'TokenExchangeError', code: 'unexpected_token' }

  it('gives the token, its scopes and its end', async () => {
    const { exchange, server, events } = gateway()
    const { token, scopes, expiresAt } = await exchange(alice, target)
    expect(token.split('.')).toHaveLength(3)
    expect(scopes).toEqual(['ledger:ListAccounts'])
    expect(expiresAt).toBe(server.now() + 5000)
    expect(events).toMatchObject([
      { type: 'token.exchanged', subject: 'alice', scope: 'ledger:ListAccounts' },
    ])
    expect(JSON.stringify(events)).not.toContain(token)
  })

  it.each([
    ['of another type', { issued_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }],
    ['without a type', { issued_token_type: undefined }],
    ['that is bound to a key', { token_type: 'DPoP' }],
    ['with a scope that was not asked for', { scope: 'ledger:ListAccounts ledger:Transfer' }],
    ['that lives longer than the limit', { expires_in: 6 }],
    ['that does not say how long it lives', { expires_in: undefined }],
  ])('TX-14 is refused when it is a token %s', async (_, changes) => {
    expect(await refused(changes)).toMatchObject(unexpected)
  })

  it('is refused when it is a token of another user', async () => {
    expect(await refused({}, { sub: 'mallory' })).toMatchObject(unexpected)
  })

  it('TX-16 is refused when nobody, or somebody else, is named as the actor', async () => {
    expect(await refused({}, { act: undefined })).toMatchObject(unexpected)
    expect(await refused({}, { act: { sub: 'other', act: { sub: 'ai-identity-gateway' } } })).toMatchObject(
      unexpected,
    )
    expect(await refused({}, { act: undefined }, { mode: 'impersonation' })).toBeUndefined()
    expect(await refused({}, { act: { sub: 'gw:1' } }, { actor: 'gw:1' })).toBeUndefined()
  })

  it('may be narrower, and may be opaque', async () => {
    const { exchange } = gateway((parameters) =>
      delegated(parameters, { access_token: 'opaque', scope: 'a' }),
    )
    expect(await exchange(alice, { ...target, scopes: ['a', 'b'] })).toMatchObject({
      token: 'opaque',
      scopes: ['a'],
    })
  })

  it('that is an OAuth error is passed on as its code', async () => {
    const body = { error: 'invalid_target', error_description: 'no such resource' }
    const { exchange, events } = gateway(() => Response.json(body, { status: 400 }))
    await expect(exchange(alice, target)).rejects.toMatchObject({ code: 'refused', error: 'invalid_target' })
    expect(events).toMatchObject([{ type: 'token.exchange_failed', reason: 'invalid_target' }])
  })

  it.each([
    ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } })],
    ['an error of the server', () => new Response('', { status: 502 })],
    ['far too much', () => Response.json({ access_token: 'x'.repeat(300_000) })],
  ])('that is %s is an error of its own', async (_, answer) => {
    const { exchange, server } = gateway(answer)
    await expect(exchange(alice, target)).rejects.toMatchObject({ code: 'unavailable' })
    expect(server.requests.every(({ url }) => url.startsWith(issuer))).toBe(true)
  })
})

describe('the authorization server', () => {
  it('is discovered once, and again after a failure', async () => {
    const { exchange, server } = gateway()
    const metadata = { ...server.metadata }
    server.metadata.issuer = 'https://evil.example'
    await expect(exchange(alice, target)).rejects.toMatchObject({ code: 'unavailable' })
    Object.assign(server.metadata, metadata)
    await exchange(alice, target)
    await exchange(bob, target)
    expect(server.requests.filter(({ url }) => url.includes('/.well-known/'))).toHaveLength(2)
  })

  it.each([
    'http://auth.example.com/token',
    'http://169.254.169.254/token',
    'javascript:alert(1)',
    'file:///etc/passwd',
  ])('PX-14 is not sent a token at %s', async (endpoint) => {
    const { exchange, server } = gateway()
    server.metadata.token_endpoint = endpoint
    await expect(exchange(alice, target)).rejects.toMatchObject({ code: 'unavailable' })
    expect(server.requests).toHaveLength(1)
  })
})

describe('a token', () => {
  it('is kept until shortly before it expires', async () => {
    const { exchange, server } = gateway()
    const first = await exchange(alice, target)
    server.pass(3.9)
    expect(await exchange(alice, target)).toBe(first)
    server.pass(0.2)
    expect(await exchange(alice, target)).not.toBe(first)
    expect(server.exchanges()).toHaveLength(2)
  })

  it('is not kept longer than the token that it came from', async () => {
    const { exchange, server } = gateway((parameters) => delegated(parameters, { expires_in: 900 }))
    const short = { ...alice, expiresAt: server.now() + 10_000 }
    const hour = { ...target, lifetime: undefined }
    expect((await exchange(short, hour)).expiresAt).toBe(short.expiresAt)
    server.pass(10)
    await exchange(short, hour)
    expect(server.exchanges()).toHaveLength(2)
  })

  it('is not kept when nobody says how long it lives', async () => {
    const { exchange, server } = gateway((parameters) => delegated(parameters, { expires_in: undefined }))
    for (let index = 0; index < 2; index++) await exchange(alice, { ...target, lifetime: undefined })
    expect(server.exchanges()).toHaveLength(2)
  })

  it('is fetched once for all who ask at the same time', async () => {
    const { exchange, server } = gateway()
    const tokens = await Promise.all(Array.from({ length: 50 }, () => exchange(alice, target)))
    expect(new Set(tokens).size).toBe(1)
    expect(server.exchanges()).toHaveLength(1)
  })

  it.each([
    ['another user', bob, target],
    ['another client of the same user', { ...alice, clientId: 'other' }, target],
    ['another grant of the same user at the same client', { ...alice, token: 'alice:narrow' }, target],
    ['another scope', alice, { ...target, scopes: ['ledger:Transfer'] }],
    ['another server', alice, { ...target, resource: 'https://hr.example.com/' }],
    ['a name instead of a URL', alice, { scopes: target.scopes, lifetime: 5, audience: target.resource }],
    ['a shorter life', alice, { ...target, lifetime: 6 }],
  ] as const)('is not shared with %s', async (_, subject, other) => {
    const { exchange, server } = gateway()
    const [first, second] = await Promise.all([exchange(alice, target), exchange(subject, other)])
    expect(first.token).not.toBe(second.token)
    expect(await exchange(subject, other)).toBe(second)
    expect(server.exchanges()).toHaveLength(2)
  })

  it('is the same for the same scopes in another order', async () => {
    const { exchange, server } = gateway()
    await exchange(alice, { ...target, scopes: ['a', 'b'] })
    await exchange(alice, { ...target, scopes: ['b', 'a'] })
    expect(server.exchanges()).toHaveLength(1)
  })

  it('that its server refused is forgotten', async () => {
    const { exchange, forget, server } = gateway()
    forget(await exchange(alice, target))
    await exchange(alice, target)
    expect(server.exchanges()).toHaveLength(2)
  })

  it('is kept within a bound, and what is used stays', async () => {
    const { exchange, server } = gateway(undefined, { maximumTokens: 2 })
    const of = async (name: string) => exchange({ ...alice, subject: name, token: `${name}:x` }, target)
    await of('a')
    await of('b')
    await of('a')
    await of('c')
    expect(server.exchanges()).toHaveLength(3)
    await of('a')
    expect(server.exchanges()).toHaveLength(3)
    await of('b')
    expect(server.exchanges()).toHaveLength(4)
  })

  it('of a server that is asked in vain is asked for again', async () => {
    const { exchange } = gateway((parameters, count) =>
      count === 1 ? new Response('', { status: 503 }) : delegated(parameters),
    )
    await expect(exchange(alice, target)).rejects.toThrow()
    await expect(exchange(alice, target)).resolves.toBeDefined()
  })
})

it.each([
  [{ clientSecret: undefined }, /clientSecret or clientAuthentication/],
  [{ clientAuthentication: ClientSecretPost('x') }, /clientSecret or clientAuthentication/],
  [{ clientSecret: '' }, /empty/],
  [{ clientId: '' }, /clientId/],
  [{ issuer: 'http://auth.example.com' }, /issuer/],
  [{ tokenEndpoint: 'ftp://x' }, /tokenEndpoint/],
  [{ mode: 'pretend' as 'delegation' }, /mode/],
  [{ timeout: 0 }, /timeout/],
  [{ maximumTokens: 0 }, /maximumTokens/],
])('the options %j are refused at once', (options, message) => {
  expect(() => gateway(undefined, options)).toThrow(message)
})

it('a token that only looks like a JWT is taken as opaque', async () => {
  const { exchange } = gateway((parameters) => delegated(parameters, { access_token: 'a.%%%.c' }))
  expect((await exchange(alice, target)).token).toBe('a.%%%.c')
  expect((await jwt({})).split('.')).toHaveLength(3)
})
