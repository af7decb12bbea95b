import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { testApi } from './support/api.ts'
import { ecKey, resource, testKey } from './support/issuer.ts'

const make = (options: object) => () => testApi(options)

describe('createResourceServer refuses', () => {
  it.each([
    ['a relative resource', { resource: '/mcp' }],
    ['MD-10 a resource with a fragment', { resource: `${resource}#x` }],
    ['a resource with a query', { resource: `${resource}?x=1` }],
    ['MD-10 a resource over http off loopback', { resource: 'http://mcp.example.com/mcp' }],
    ['a resource with credentials', { resource: 'https://user@mcp.example.com/mcp' }],
    ['MD-09 an issuer over http off loopback', { issuer: 'http://auth.example.com' }],
    ['MD-09 an issuer with a query', { issuer: 'https://auth.example.com?x=1' }],
    ['no issuer', { issuer: undefined }],
    ['the same issuer twice', { authorizationServers: [{ issuer: 'https://auth.example.com' }] }],
    ['MD-10 the algorithm none', { algorithms: ['none'] }],
    ['a symmetric algorithm', { algorithms: ['ES256', 'HS256'] }],
    ['a misspelt algorithm', { algorithms: ['es256'] }],
    ['no algorithm', { algorithms: [] }],
    ['CK-04 a tolerance below zero', { clockTolerance: -1 }],
    ['CK-04 a tolerance that hides expiry', { clockTolerance: 3600 }],
    ['CK-04 a tolerance that is no number', { clockTolerance: Number.NaN }],
    ['CK-04 an age of zero', { maxTokenAge: 0 }],
    ['CK-04 an age that is a text', { maxTokenAge: '60' }],
    ['CK-04 an endless age of keys', { keysMaxAge: Infinity }],
    ['a cache below zero', { cacheSize: -1 }],
    ['an unknown scope in the challenge', { challengeScopes: ['read'] }],
    ['an unknown scope in the metadata', { scopesSupported: ['read'] }],
    ['JW-17 an empty key set', { jwks: { keys: [] } }],
    ['JW-17 a key set without keys', { jwks: {} }],
    ['JW-17 a symmetric key', { jwks: { keys: [ecKey.jwk, { kty: 'oct', k: 'c2VjcmV0' }] } }],
    ['JW-17 an EC key on another curve', { jwks: { keys: [{ ...ecKey.jwk, crv: 'secp256k1' }] } }],
    [
      'JW-17 an OKP key that only agrees on keys',
      { jwks: { keys: [{ kty: 'OKP', crv: 'X25519', x: 'x' }] } },
    ],
    ['JW-17 a key that is null', { jwks: { keys: [null] } }],
  ])('%s', (_, options) => {
    expect(make(options)).toThrow(TypeError)
  })

  it.each([
    ['no resource', undefined, 'resource must be the URL that tokens are issued for'],
    ['null for the resource', null, 'resource must be the URL that tokens are issued for'],
    ['an empty resource', '', 'resource must be an absolute URL'],
  ])('RS-16 %s, and says what is missing', (_what, wrong, message) => {
    expect(make({ resource: wrong })).toThrow(message)
  })

  it('JW-17 a short RSA key', async () => {
    const { jwk } = await testKey('k', 'RS256')
    const short = { ...jwk, n: jwk.n?.slice(0, 171) }
    expect(make({ jwks: { keys: [short] } })).toThrow('2048')
  })

  it('JW-17 a private key', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    expect(make({ jwks: { keys: [await exportJWK(privateKey)] } })).toThrow('private')
  })
})

describe('createResourceServer accepts', () => {
  it.each([
    ['http on loopback', { resource: 'http://127.0.0.1:4000/mcp', issuer: 'http://localhost:4000' }],
    ['a resource at the bare origin', { resource: 'https://mcp.example.com' }],
  ])('%s', (_, options) => {
    expect(make(options)).not.toThrow()
  })
})
