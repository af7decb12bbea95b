import { describe, expect, it } from 'vitest'
import {
  authorizationCode,
  dynamicRegistration,
  none,
  registered,
  signingKeys,
} from '@gatewright/authorization-server'
import { mcp, testServer } from './support/test-server.ts'
import { obtainTokens } from './support/tokens.ts'

/** Constructs a server with options that TypeScript might refuse. */
const create = (overrides: Readonly<Record<string, unknown>>) => () => testServer(overrides)

describe('the options of an authorization server', () => {
  it('CK-04 no lifetime may be zero, negative, unbounded or a text', () => {
    const names = [
      'accessTokenLifetime',
      'codeLifetime',
      'refreshTokenIdleLifetime',
      'refreshTokenLifetime',
      'sessionLifetime',
    ]
    for (const name of names) {
      for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '60', null, {}])
        expect(create({ [name]: value }), name).toThrow(name)
      expect(create({ [name]: 60 })).not.toThrow()
    }
  })

  it('CK-04 a window may be zero, and not more than what is safe', () => {
    for (const [name, most] of [
      ['codeReplayGrace', 600],
      ['refreshReuseWindow', 300],
    ] as const) {
      for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY, '30', most + 1])
        expect(create({ [name]: value })).toThrow(name)
      for (const value of [0, most]) expect(create({ [name]: value })).not.toThrow()
    }
    expect(create({ codeLifetime: 601 })).toThrow('codeLifetime')
  })

  it('CK-04 the lifetimes of single clients are checked too', () => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '60' as unknown as number]) {
      const client = { client_id: 'a', redirect_uris: ['https://a.example/cb'], accessTokenLifetime: value }
      expect(() => registered(client)).toThrow(TypeError)
      expect(() => dynamicRegistration({ mode: 'open', unusedLifetime: value })).toThrow(TypeError)
      expect(() => dynamicRegistration({ mode: 'open', unconfirmedLifetime: value })).toThrow(TypeError)
    }
  })

  it('JW-19 tokens may not live longer than the keys that verify them', () => {
    const keys = signingKeys({ seal: false, keepAfter: 600 })
    expect(create({ keys, accessTokenLifetime: 601 })).toThrow('keepAfter')
    expect(create({ keys, accessTokenLifetime: 600 })).not.toThrow()
  })

  it('MD-09 the issuer is checked at the start', () => {
    for (const issuer of [
      undefined,
      'http://auth.example.com',
      'https://auth.example.com/',
      'https://a.example?x',
    ])
      expect(create({ issuer })).toThrow('issuer')
  })

  it('MD-10 a resource is an https URL without query and fragment, and listed once', () => {
    for (const resource of [
      '/mcp',
      'http://api.example.com',
      'https://a.example/#',
      'https://a.example/?x',
      '',
    ])
      expect(create({ resources: [{ resource }] })).toThrow('resource')
    expect(create({ resources: [] })).toThrow('resources is empty')
    const twice = [{ resource: 'https://a.example' }, { resource: 'https://a.example/' }]
    expect(create({ resources: twice })).toThrow('twice')
  })

  it('a resource names only scopes that are defined', () => {
    for (const name of ['scopes', 'defaultScopes'])
      expect(create({ resources: [{ resource: mcp, [name]: ['unknown'] }] })).toThrow('"unknown"')
  })

  it('a part that is missing is missed at the start, not at the first request', () => {
    for (const name of ['storage', 'keys', 'scopes', 'resources', 'clients', 'interaction'])
      expect(create({ [name]: undefined }), name).toThrow(name)
  })

  it('an option that is set to undefined is one that was left out', async () => {
    const names = [
      'grants',
      'clientAuthentication',
      'policies',
      'accessTokenLifetime',
      'codeLifetime',
      'productName',
    ]
    const { server } = testServer(
      Object.fromEntries([...names, 'paths', 'findUser', 'onEvent'].map((name) => [name, undefined])),
    )
    expect(await server.metadata()).toMatchObject({
      grant_types_supported: ['authorization_code', 'refresh_token'],
    })
    const page = await (await server.handle(new Request('https://auth.example.com/account')))?.text()
    expect(page).toContain('auth.example.com')
  })

  it('a misspelt choice is refused, and does not count as the default', () => {
    for (const value of ['Offline', 'never', '', null])
      expect(create({ issueRefreshToken: value })).toThrow('issueRefreshToken')
    for (const value of ['JWT', 'reference', '']) {
      expect(create({ accessTokenFormat: value })).toThrow('accessTokenFormat')
      expect(create({ resources: [{ resource: mcp, accessTokenFormat: value }] })).toThrow(
        'accessTokenFormat',
      )
    }
  })

  it('two parts of one name are refused: the second would never be reached', () => {
    const source = registered({ client_id: 'a', redirect_uris: ['https://a.example/cb'] })
    expect(create({ clients: [source, source] })).toThrow('"registered"')
    expect(create({ grants: [authorizationCode(), authorizationCode()] })).toThrow('"authorization_code"')
    expect(create({ clientAuthentication: [none(), none()] })).toThrow('"none"')
  })

  it('two endpoints at one path are refused: one of them would never be reached', () => {
    expect(create({ paths: { token: '/authorize' } })).toThrow('"/authorize"')
    expect(create({ paths: { jwks: '/.well-known/openid-configuration' } })).toThrow('openid-configuration')
    expect(create({ paths: { account: '/me', interaction: '/me' } })).toThrow('"/me"')
    expect(create({ paths: { token: '/authorize', authorization: '/token' } })).not.toThrow()
    expect(create({ paths: { jwks: '/.well-known/jwks.json' } })).not.toThrow()
  })

  it('are read once: what changes in them later changes nothing', async () => {
    const overrides = { accessTokenLifetime: 60 }
    const test = testServer(overrides)
    overrides.accessTokenLifetime = 120
    expect((await obtainTokens(test)).tokens.expires_in).toBe(60)
  })
})
