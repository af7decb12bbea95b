// RFC 8693 §2: https://www.rfc-editor.org/rfc/rfc8693.html#section-2
import {
  authorizationCode,
  clientCredentials,
  refreshToken,
  registered,
  tokenExchange,
} from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, TokenExchangeOptions } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { claimsOf, isActive, post } from '../support/flow.ts'
import { as } from '../support/service-server.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const third = 'https://auth.example.com/mcp3'

const gateway = (id: string, serves: readonly string[], exchangeFor: readonly string[]) => ({
  client_id: id,
  client_secret: `${id}-secret`,
  grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange', 'client_credentials'],
  scopes: ['admin:application', 'read:user'],
  serves,
  exchangeFor,
})

function exchangeServer(
  options: TokenExchangeOptions = {},
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  return testServer({
    resources: [{ resource: mcp }, { resource: otherResource }, { resource: third }],
    clients: [
      registered(
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        gateway('gw', [mcp], [otherResource]),
        gateway('gw2', [otherResource], [third, otherResource]),
        { ...gateway('short', [mcp], [otherResource]), accessTokenLifetime: 5 },
        { ...gateway('reader', [mcp], [otherResource]), scopes: ['read:application'] },
      ),
    ],
    grants: [authorizationCode(), refreshToken(), clientCredentials(), tokenExchange(options)],
    ...overrides,
  })
}

type Parameters = Readonly<Record<string, string | undefined>>

const exchange = (test: TestServer, client: string, token: string | undefined, parameters: Parameters = {}) =>
  post(
    test,
    '/token',
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: accessTokenType,
      resource: otherResource,
      ...parameters,
    },
    { basic: as(client) },
  )

/** A server with a token of alice, and what exchanging it gives. */
async function withToken(
  options: TokenExchangeOptions = {},
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  const test = exchangeServer(options, overrides)
  const { accessToken, refreshToken: refresh } = await obtainTokens(test)
  return { test, accessToken, refresh }
}

const refusal = async (answer: ReturnType<typeof exchange>) => {
  const { status, json } = await answer
  return [status, json.error]
}

describe('token exchange', () => {
  it('TX-01 names the exchanging client as the actor, and keeps the user as the subject', async () => {
    const { test, accessToken } = await withToken()
    const { status, headers, json } = await exchange(test, 'gw', accessToken, { scope: 'read:application' })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(json).toMatchObject({
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      scope: 'read:application',
    })
    expect(json.refresh_token).toBeUndefined()
    expect(claimsOf(json.access_token)).toMatchObject({
      sub: 'alice',
      client_id: 'gw',
      aud: otherResource,
      act: { sub: 'gw' },
    })
    expect(eventsOf(test, 'token.issued').at(-1)).toMatchObject({ act: { sub: 'gw' }, subject: 'alice' })
  })

  it.each<[string, Parameters]>([
    ['without a subject token', { subject_token: undefined }],
    ['without its type', { subject_token_type: undefined }],
    ['of an unknown type', { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }],
    ['of a garbled token', { subject_token: 'x' }],
  ])('TX-02 is refused %s', async (_what, parameters) => {
    const { test, accessToken } = await withToken()
    expect(await refusal(exchange(test, 'gw', accessToken, parameters))).toEqual([400, 'invalid_request'])
  })

  it('TX-03 refuses refresh tokens, codes and revoked or expired tokens as the subject', async () => {
    const { test, accessToken, refresh } = await withToken()
    expect(await refusal(exchange(test, 'gw', refresh))).toEqual([400, 'invalid_request'])
    await post(test, '/revoke', { token: accessToken, client_id: 'claude-desktop-mcp' })
    expect(await refusal(exchange(test, 'gw', accessToken))).toEqual([400, 'invalid_request'])
    const other = await withToken()
    other.test.clock.advance(901)
    expect(await refusal(exchange(other.test, 'gw', other.accessToken))).toEqual([400, 'invalid_request'])
  })

  it('TX-04 refuses every scope that the subject token does not amount to', async () => {
    const test = exchangeServer()
    const { accessToken } = await obtainTokens(test, { scope: 'read:application' })
    for (const scope of ['write:application', 'read:application read:user', 'openid', 'nope'])
      expect(await refusal(exchange(test, 'gw', accessToken, { scope }))).toEqual([400, 'invalid_scope'])
  })

  it('TX-04 refuses a scope above the client’s ceiling', async () => {
    const { test, accessToken } = await withToken()
    expect(await refusal(exchange(test, 'reader', accessToken, { scope: 'write:application' }))).toEqual([
      400,
      'invalid_scope',
    ])
    expect((await exchange(test, 'reader', accessToken)).json.scope).toBe('read:application')
  })

  it.each<Parameters>([
    { resource: third },
    { resource: mcp },
    { resource: 'https://unknown.example/' },
    { resource: undefined, audience: third },
  ])('TX-05 refuses a target outside the client’s list (%o)', async (parameters) => {
    const { test, accessToken } = await withToken()
    expect(await refusal(exchange(test, 'gw', accessToken, parameters))).toEqual([400, 'invalid_target'])
  })

  it('TX-05 takes the target from audience as from resource, and the only one when none is named', async () => {
    const { test, accessToken } = await withToken()
    for (const parameters of [{ resource: undefined, audience: otherResource }, { resource: undefined }])
      expect(claimsOf((await exchange(test, 'gw', accessToken, parameters)).json.access_token).aud).toBe(
        otherResource,
      )
  })

  it('TX-07 refuses a token that was minted for somebody else', async () => {
    const test = exchangeServer()
    const { accessToken } = await obtainTokens(test, { resource: third })
    expect(await refusal(exchange(test, 'gw', accessToken))).toEqual([400, 'invalid_request'])
  })

  it.each<[string, Parameters]>([
    ['a token without a type', { actor_token: 'x' }],
    ['a type without a token', { actor_token_type: accessTokenType }],
  ])('TX-09 refuses an actor given as %s', async (_what, parameters) => {
    const { test, accessToken } = await withToken()
    expect(await refusal(exchange(test, 'gw', accessToken, parameters))).toEqual([400, 'invalid_request'])
  })

  it('TX-09 takes an actor token of the client, and of nobody else', async () => {
    const { test, accessToken } = await withToken()
    const actorToken = async (client: string) => {
      const parameters = { grant_type: 'client_credentials', resource: mcp }
      return (await post(test, '/token', parameters, { basic: as(client) })).json.access_token
    }
    const own = { actor_token: await actorToken('gw'), actor_token_type: accessTokenType }
    expect(claimsOf((await exchange(test, 'gw', accessToken, own)).json.access_token).act).toEqual({
      sub: 'gw',
    })
    const foreign = { actor_token: await actorToken('gw2'), actor_token_type: accessTokenType }
    expect(await refusal(exchange(test, 'gw', accessToken, foreign))).toEqual([400, 'invalid_request'])
  })

  it('TX-10 puts the newest actor outermost and leaves the subject alone', async () => {
    const { test, accessToken } = await withToken()
    const first = await exchange(test, 'gw', accessToken)
    const second = await exchange(test, 'gw2', first.json.access_token, { resource: third })
    expect(claimsOf(second.json.access_token)).toMatchObject({
      sub: 'alice',
      act: { sub: 'gw2', act: { sub: 'gw' } },
    })
  })

  it('TX-11 refuses a chain that gets too long', async () => {
    const { test, accessToken } = await withToken({ maximumActors: 3 })
    let token = (await exchange(test, 'gw', accessToken)).json.access_token
    for (let hop = 0; hop < 2; hop++) token = (await exchange(test, 'gw2', token)).json.access_token
    expect(await refusal(exchange(test, 'gw2', token))).toEqual([400, 'invalid_request'])
  })

  it.each([0, 11, 1.5, Number.NaN])('TX-11 %s is no length of a chain', (maximumActors) => {
    expect(() => tokenExchange({ maximumActors })).toThrow(TypeError)
  })

  it('TX-12 ignores claims that the client sends', async () => {
    const { test, accessToken } = await withToken()
    const { json } = await exchange(test, 'gw', accessToken, {
      act: '{"sub":"admin"}',
      sub: 'bob',
      claims: '{}',
    })
    expect(claimsOf(json.access_token)).toMatchObject({ sub: 'alice', act: { sub: 'gw' } })
  })

  it('TX-13 a token never outlives the one that it was exchanged for', async () => {
    const { test, accessToken } = await withToken()
    test.clock.advance(600)
    expect((await exchange(test, 'gw', accessToken)).json.expires_in).toBe(300)
    expect((await exchange(test, 'short', accessToken)).json.expires_in).toBe(5)
  })

  it.each(['urn:ietf:params:oauth:token-type:refresh_token', 'x'])(
    'TX-14 refuses to issue a %s',
    async (type) => {
      const { test, accessToken } = await withToken()
      expect(await refusal(exchange(test, 'gw', accessToken, { requested_token_type: type }))).toEqual([
        400,
        'invalid_request',
      ])
    },
  )

  it.each(['jwt', 'opaque'] as const)(
    'TX-15 ends with the grant of the first token (%s)',
    async (accessTokenFormat) => {
      const { test, accessToken, refresh } = await withToken({}, { accessTokenFormat })
      const { json } = await exchange(test, 'gw', accessToken)
      expect(await test.server.introspect(json.access_token ?? '')).toMatchObject({ sub: 'alice' })
      await post(test, '/revoke', { token: refresh, client_id: 'claude-desktop-mcp' })
      expect(await test.server.introspect(json.access_token ?? '')).toBeUndefined()
      if (accessTokenFormat === 'jwt') expect(await isActive(test, json.access_token)).toBe(false)
    },
  )

  it('TX-19 keeps the scope of the subject token when none is asked for', async () => {
    const test = exchangeServer()
    const { accessToken } = await obtainTokens(test, { scope: 'read:application openid' })
    expect((await exchange(test, 'gw', accessToken)).json.scope).toBe('read:application')
  })

  it('gives a token without an actor only where the operator says so', async () => {
    const allowed = await withToken({ impersonation: ({ client_id: id }) => id === 'gw' })
    expect(
      claimsOf((await exchange(allowed.test, 'gw', allowed.accessToken)).json.access_token).act,
    ).toBeUndefined()
    expect(
      claimsOf((await exchange(allowed.test, 'short', allowed.accessToken)).json.access_token).act,
    ).toEqual({ sub: 'short' })
  })

  it('is refused to a public client and to one that is not registered for it', async () => {
    const { test, accessToken } = await withToken()
    const parameters = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: 'claude-desktop-mcp',
      subject_token: accessToken,
      subject_token_type: accessTokenType,
    }
    expect(await refusal(post(test, '/token', parameters))).toEqual([400, 'unauthorized_client'])
  })

  it('stops when the user is gone, and asks every policy with the subject token and the actor', async () => {
    const seen: unknown[] = []
    const { test, accessToken } = await withToken(
      {},
      {
        policies: [
          ({ request, act }) => {
            seen.push([request.oauth.subject_token?.claims.sub, act])
            return { allowed: request.oauth.client_id !== 'reader' }
          },
        ],
      },
    )
    expect((await exchange(test, 'gw', accessToken)).status).toBe(200)
    expect(seen.at(-1)).toEqual(['alice', { sub: 'gw' }])
    expect(await refusal(exchange(test, 'reader', accessToken))).toEqual([400, 'access_denied'])
    test.activeUsers.delete('alice')
    expect(await refusal(exchange(test, 'gw', accessToken))).toEqual([400, 'invalid_request'])
  })
})
