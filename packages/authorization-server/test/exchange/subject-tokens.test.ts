// RFC 8693 §2.1 and §4: https://www.rfc-editor.org/rfc/rfc8693.html
import {
  authorizationCode,
  clientCredentials,
  idTokens,
  loginWith,
  password,
  refreshToken,
  registered,
  tokenExchange,
  trustedTokens,
} from '@gatewright/authorization-server'
import type { TokenExchangeOptions } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { claimsOf, post } from '../support/flow.ts'
import { as } from '../support/service-server.ts'
import { mcp, otherResource, testServer, users } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { createIdp, idJag, idpIssuer, usersOfIdp } from '../support/trusted-idp.ts'
import type { Claims } from '../support/trusted-idp.ts'
import { obtainTokens, obtainWebCode, redeemWeb, webCallback } from '../support/tokens.ts'

const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const idp = await createIdp()
const trusted = trustedTokens({
  issuers: [{ issuer: idpIssuer, jwks: idp.jwks, subject: usersOfIdp }],
  scopes: () => ['read:application'],
})
const own = idTokens({ scopes: ({ client_id: id }) => (id === 'web' ? ['read:application'] : []) })

/** Somebody whose user name is the id of a client. */
const namesake = async (name: string, secret: string) => (secret === `${name}-pw` ? name : undefined)

function exchangeServer(
  options: TokenExchangeOptions = { subjectTokens: [own, trusted] },
  overrides: { readonly administerRegistered?: boolean } = {},
) {
  const exchanger = (id: string) => ({
    client_id: id,
    client_secret: `${id}-secret`,
    grant_types: [grantType, 'client_credentials', 'authorization_code'],
    redirect_uris: [webCallback],
    scopes: ['write:application', 'openid'],
    serves: [mcp],
    exchangeFor: [otherResource],
  })
  return testServer({
    ...overrides,
    interaction: loginWith(password(namesake)),
    findUser: async (subject) => users.get(subject) ?? (subject === 'gw' ? {} : undefined),
    clients: [
      registered(
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        exchanger('web'),
        exchanger('gw'),
      ),
    ],
    grants: [authorizationCode(), refreshToken(), clientCredentials(), tokenExchange(options)],
  })
}

type Changes = Readonly<Record<string, string | undefined>>

const exchange = (
  test: TestServer,
  client: string,
  token: string | undefined,
  kind: string,
  changes: Changes = {},
) =>
  post(
    test,
    '/token',
    { grant_type: grantType, subject_token: token, subject_token_type: type(kind), ...changes },
    { basic: as(client) },
  )

const refusal = async (answer: ReturnType<typeof exchange>) => {
  const { status, json } = await answer
  return [status, json.error]
}

async function idToken(test: TestServer) {
  const code = await obtainWebCode(test, { scope: 'openid', resource: undefined })
  return (await redeemWeb(test, code)).json.id_token
}

const foreign = (test: TestServer, changes: Claims = {}, header = {}) =>
  idp.sign(idJag(test.clock.now(), { client_id: undefined, ...changes }), header)

describe('an ID token as the subject', () => {
  it('TX-17 is exchanged by the client that it was issued to, for what the operator says', async () => {
    const test = exchangeServer()
    const { status, json } = await exchange(test, 'web', await idToken(test), 'id_token')
    expect(status, json.error_description).toBe(200)
    expect(json['issued_token_type']).toBe(type('access_token'))
    expect(claimsOf(json.access_token)).toMatchObject({
      sub: 'alice',
      aud: otherResource,
      act: { sub: 'web' },
      scope: 'read:application',
    })
  })

  it('TX-17 is refused to every other client, and beyond those scopes', async () => {
    const test = exchangeServer()
    const token = await idToken(test)
    expect(await refusal(exchange(test, 'gw', token, 'id_token'))).toEqual([400, 'invalid_request'])
    const wider = exchange(test, 'web', token, 'id_token', { scope: 'write:application' })
    expect(await refusal(wider)).toEqual([400, 'invalid_scope'])
  })

  it('TX-17 is no access token, an access token is no ID token, and neither is taken unless enabled', async () => {
    const test = exchangeServer()
    const token = await idToken(test)
    const { accessToken } = await obtainTokens(test)
    expect(await refusal(exchange(test, 'web', token, 'access_token'))).toEqual([400, 'invalid_request'])
    expect(await refusal(exchange(test, 'web', accessToken, 'id_token'))).toEqual([400, 'invalid_request'])
    const without = exchangeServer({})
    const refused = exchange(without, 'web', await idToken(without), 'id_token')
    expect(await refusal(refused)).toEqual([400, 'invalid_request'])
  })

  it('TX-17 ends: an expired one is refused', async () => {
    const test = exchangeServer()
    const token = await idToken(test)
    test.clock.advance(901)
    expect(await refusal(exchange(test, 'web', token, 'id_token'))).toEqual([400, 'invalid_request'])
  })
})

describe('a token of another issuer as the subject', () => {
  it('is exchanged when the issuer is trusted, for the user that it stands for', async () => {
    const test = exchangeServer()
    const { status, json } = await exchange(test, 'gw', await foreign(test), 'jwt')
    expect(status, json.error_description).toBe(200)
    expect(claimsOf(json.access_token)).toMatchObject({ sub: 'alice', act: { sub: 'gw' } })
    expect(json.expires_in).toBe(300)
  })

  it.each<[string, Claims, object?]>([
    ['an unknown issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'https://x.example' }],
    ['a second audience', { aud: ['https://auth.example.com', 'https://x.example'] }],
    ['a user who is not known here', { sub: 'u-9' }],
    ['a key that it is bound to', { cnf: { jkt: 'x' } }],
    ['a chain of actors that is none', { act: { sub: 7 } }],
    ['the type of something else', {}, { typ: 'oauth-id-jag+jwt' }],
  ])('is refused with %s', async (_what, changes, header = {}) => {
    const test = exchangeServer()
    const token = await foreign(test, changes, header)
    expect(await refusal(exchange(test, 'gw', token, 'jwt'))).toEqual([400, 'invalid_request'])
  })

  it('TX-08 is exchanged by the actor that may_act names, and by no other', async () => {
    const test = exchangeServer()
    const named = async (mayAct: unknown) =>
      (await exchange(test, 'gw', await foreign(test, { may_act: mayAct }), 'jwt')).json
    expect(claimsOf((await named({ sub: 'gw' })).access_token).act).toEqual({ sub: 'gw' })
    for (const mayAct of [{ sub: 'web' }, { sub: 'gw', iss: idpIssuer }, {}, 'gw', null, ['gw']])
      expect((await named(mayAct)).error, JSON.stringify(mayAct)).toBe('invalid_request')
  })

  it('TX-10 keeps the actors that acted there behind the new one, and nothing else of theirs', async () => {
    const test = exchangeServer()
    const token = await foreign(test, { act: { sub: 'their-gateway', note: 'x', act: { sub: 'first' } } })
    expect(claimsOf((await exchange(test, 'gw', token, 'jwt')).json.access_token).act).toEqual({
      sub: 'gw',
      act: { sub: 'their-gateway', act: { sub: 'first' } },
    })
  })

  it.each([
    ['too long', Array.from({ length: 5 }, () => 'x')],
    ['too large', ['x'.repeat(9000)]],
  ])('TX-11 is refused when the chain gets %s', async (_what, actors) => {
    const test = exchangeServer()
    const act = actors.reduce<object | undefined>((earlier, sub) => ({ sub, act: earlier }), undefined)
    const token = await foreign(test, { act })
    expect(await refusal(exchange(test, 'gw', token, 'jwt'))).toEqual([400, 'invalid_request'])
  })
})

describe('an actor token', () => {
  const accessToken = { actor_token_type: type('access_token') }

  async function tokenOf(test: TestServer, username: string) {
    const code = await obtainWebCode(test, { client_id: 'gw', scope: 'write:application' }, { username })
    return (await redeemWeb(test, code, {}, { basic: as('gw') })).json.access_token
  }

  it('names a user who acts through the client', async () => {
    const test = exchangeServer()
    const { accessToken: subject } = await obtainTokens(test)
    const actor = { actor_token: await tokenOf(test, 'bob'), ...accessToken }
    const { json } = await exchange(test, 'gw', subject, 'access_token', actor)
    expect(claimsOf(json.access_token)).toMatchObject({ sub: 'alice', act: { sub: 'bob' } })
  })

  it('TX-09 of a user whose id is also a client’s is refused: act could name either', async () => {
    const test = exchangeServer()
    const { accessToken: subject } = await obtainTokens(test)
    const actor = { actor_token: await tokenOf(test, 'gw'), ...accessToken }
    const refused = exchange(test, 'gw', subject, 'access_token', actor)
    expect(await refusal(refused)).toEqual([400, 'invalid_request'])
  })

  it('TX-09 of a user with the id of a client that is disabled is refused, too', async () => {
    const test = exchangeServer({ subjectTokens: [own] }, { administerRegistered: true })
    const { accessToken: subject } = await obtainTokens(test)
    const code = await obtainWebCode(test, { scope: 'write:application' }, { username: 'gw' })
    const { json } = await redeemWeb(test, code)
    await test.server.clients.disable('gw')
    const actor = { actor_token: json.access_token, ...accessToken }
    const refused = exchange(test, 'web', subject, 'access_token', actor)
    expect(await refusal(refused)).toEqual([400, 'invalid_request'])
    expect((await exchange(test, 'web', subject, 'access_token')).status).toBe(200)
  })

  it('TX-09 that somebody else uses already is refused: that one would vanish from the chain', async () => {
    const test = exchangeServer({ subjectTokens: [trusted] })
    const { accessToken: subject } = await obtainTokens(test)
    const { json } = await exchange(test, 'gw', await foreign(test), 'jwt')
    const actor = { actor_token: json.access_token, ...accessToken }
    const refused = exchange(test, 'gw', subject, 'access_token', actor)
    expect(await refusal(refused)).toEqual([400, 'invalid_request'])
  })
})
