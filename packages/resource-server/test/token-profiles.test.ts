// Tokens as Keycloak, Casdoor and Auth0 document them
import { OAuthError } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { tokenProfiles, type TokenProfile } from '../src/index.ts'
import { testApi } from './support/api.ts'
import { ecKey, issuer, resource, testKey, tokenClaims } from './support/issuer.ts'

const jwt = { typ: 'JWT' }
const { client_id: _client, grant_id: _grant, ...common } = tokenClaims
const keycloak = {
  ...common,
  aud: [resource, 'account'],
  typ: 'Bearer',
  azp: 'portal',
  sid: 'session',
  acr: '1',
  realm_access: { roles: ['offline_access'] },
  scope: 'read:application email',
  preferred_username: 'alice',
}
const casdoor = {
  ...common,
  aud: [resource],
  azp: 'portal',
  owner: 'acme',
  name: 'alice',
  tokenType: 'access-token',
  nonce: 'of the login',
  jti: 'admin/token-1',
}
const { jti: _id, ...auth0 } = {
  ...common,
  aud: [resource, 'https://acme.auth0.com/userinfo'],
  azp: 'portal',
}
const known = { keycloak, casdoor, auth0 }

const { privateKey, ...otherKey } = await testKey('k1')
async function reason(claims: object, tokens: TokenProfile | undefined, header: object = jwt) {
  try {
    const { api } = testApi({ tokens })
    return await api.verify(await ecKey.mint({ ...blank, ...claims }, header))
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return (error.cause as { reason: string }).reason
  }
}
/** Takes every claim of a token in order away, so that only those given are there. */
const blank = Object.fromEntries(Object.keys(tokenClaims).map((name) => [name, undefined]))

describe.each(Object.entries(known))('a token of %s', (name, claims) => {
  const profile = tokenProfiles[name as keyof typeof tokenProfiles]

  it('is accepted with its profile', async () => {
    expect(await reason(claims, profile)).toMatchObject({ subject: 'alice', clientId: 'portal', resource })
  })

  it('is refused without, and with each field of the profile taken away', async () => {
    expect(await reason(claims, undefined)).toBe('typ')
    for (const field of Object.keys(profile))
      expect(await reason(claims, { ...profile, [field]: undefined }), field).toBeTypeOf('string')
  })

  it('of another resource is refused', async () => {
    for (const aud of ['account', ['account'], [], undefined, `${resource}/more`])
      expect(['aud', 'audience']).toContain(await reason({ ...claims, aud }, profile))
  })

  it.each([
    ['an ID token by its hash', { at_hash: 'x' }],
    ['an ID token by the hash of the code', { c_hash: 'x' }],
    ['a logout token', { events: {} }],
    ['a Keycloak ID token', { typ: 'ID' }],
    ['a Keycloak refresh token', { typ: 'Refresh' }],
    ['a Casdoor refresh token', { tokenType: 'refresh-token' }],
    ['an ID token by its nonce', { typ: undefined, tokenType: undefined, nonce: 'x' }],
    ['an ID token whose kind is a list', { typ: ['Bearer'] }],
  ])('JW-08 with this profile too, %s is no access token', async (_what, more) => {
    expect(await reason({ ...claims, ...more }, profile)).toBe('typ')
  })

  it.each(['logout+jwt', 'dpop+jwt', 'secevent+jwt', undefined])('JW-08 nor is type %s', async (typ) => {
    expect(await reason(claims, profile, { typ })).toBe('typ')
  })

  it('must name one client only', async () => {
    expect(await reason({ ...claims, azp: undefined }, profile)).toBe('azp')
    expect(await reason({ ...claims, client_id: 'another' }, profile)).toBe('client_id')
  })
})

describe('a profile', () => {
  it('Auth0 with the profile of RFC 9068 has several audiences and is otherwise in order', async () => {
    const { azp, ...claims } = { ...auth0, client_id: 'portal', jti: 'token-1' }
    expect(await reason(claims, undefined, {})).toBe('audience')
    expect(await reason(claims, { otherAudiences: true }, {})).toMatchObject({ clientId: azp })
  })

  it('calls the resource what the issuer calls it, exactly', async () => {
    const tokens = { ...tokenProfiles.casdoor, audience: 'portal' }
    expect(await reason({ ...casdoor, aud: ['portal'] }, tokens)).toMatchObject({ resource })
    for (const aud of [[resource], ['Portal'], ['portal', 'other']])
      expect(await reason({ ...casdoor, aud }, tokens)).toBe('audience')
  })

  it('an optional id that is there must be one', async () => {
    expect(await reason({ ...auth0, jti: 7 }, tokenProfiles.auth0)).toBe('jti')
  })

  it('counts for its own issuer only', async () => {
    const other = 'https://acme.auth0.com/'
    const key = await testKey('k2')
    const { api } = testApi({
      authorizationServers: [{ issuer: other, jwks: { keys: [key.jwk] }, tokens: tokenProfiles.auth0 }],
    })
    const mint = (claims: object, signer = key) => signer.mint({ ...blank, ...claims }, jwt)
    expect(await api.verify(await mint({ ...auth0, iss: other }))).toMatchObject({ issuer: other })
    await expect(api.verify(await mint(auth0, ecKey))).rejects.toMatchObject({ cause: { reason: 'typ' } })
  })

  it('keys of one issuer never verify tokens of another, also where their ids are equal', async () => {
    const other = 'https://other.example.com'
    const theirs = { ...otherKey, privateKey }
    const { api } = testApi({ authorizationServers: [{ issuer: other, jwks: { keys: [theirs.jwk] } }] })
    expect(await api.verify(await theirs.mint({ iss: other }))).toMatchObject({ issuer: other })
    for (const token of [
      await theirs.mint(),
      await ecKey.mint({ iss: other }),
      await theirs.mint({}, { kid: undefined } as object),
      await theirs.mint({}, { jwk: theirs.jwk }),
      await theirs.mint({}, { jku: `${other}/jwks` }),
    ])
      await expect(api.verify(token)).rejects.toMatchObject({ cause: { reason: 'signature' } })
  })

  it.each([
    [{ typ: 'jwt' }],
    [{ typ: 'dpop+jwt' }],
    [{ clientId: 'sub' }],
    [{ audience: '' }],
    [{ otherAudiences: 'yes' }],
    [{ jti: false }],
    [{ audiences: [] }],
  ])('%j is a mistake that shows at once', (tokens) => {
    expect(() => testApi({ issuer, tokens: tokens as TokenProfile })).toThrow(/^tokens\./)
  })
})
