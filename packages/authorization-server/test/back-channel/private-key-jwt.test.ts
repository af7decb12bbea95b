// RFC 7523 §3: https://www.rfc-editor.org/rfc/rfc7523.html#section-3
import { beforeAll, describe, expect, it } from 'vitest'
import { clientSecretBasic, none, privateKeyJwt, registered } from '@gatewright/authorization-server'
import { createMemoryStorage } from '@gatewright/storage'
import {
  accepted,
  assertionServer,
  bearerAssertion,
  keyPair,
  present,
  refused,
  signAssertion,
} from '../support/assertions.ts'
import type { KeyPair } from '../support/assertions.ts'
import { obtainWebCode } from '../support/tokens.ts'
import { issuer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'
import { post } from '../support/flow.ts'
import { register } from '../support/registration.ts'
import { dynamicRegistration } from '@gatewright/authorization-server'

let key: KeyPair
let other: KeyPair
beforeAll(async () => {
  key = await keyPair('k1')
  other = await keyPair('k2')
})
const server = (overrides: Parameters<typeof assertionServer>[1] = {}) =>
  assertionServer({ jwks: { keys: [key.jwk] } }, overrides)

describe('a client that signs assertions', () => {
  it.each(['ES256', 'RS256', 'PS256', 'EdDSA', 'ES384', 'ES512'])('is accepted with %s', async (alg) => {
    const pair = await keyPair('k', alg)
    const test = assertionServer({ jwks: { keys: [pair.jwk] } })
    expect(await present(test, await signAssertion(pair, test.clock.now()))).toEqual(accepted)
  })

  it('redeems a code, and discovery says which algorithms it may use', async () => {
    const test = server()
    const { code, verifier } = await obtainWebCode(test, { client_id: 'pkjwt' })
    const { status } = await post(test, '/token', {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: 'https://app.example.com/cb',
      client_assertion_type: bearerAssertion,
      client_assertion: await signAssertion(key, test.clock.now()),
    })
    expect(status).toBe(200)
    const metadata = await test.server.metadata()
    expect(metadata.token_endpoint_auth_methods_supported).toContain('private_key_jwt')
    for (const endpoint of ['token', 'revocation', 'introspection'])
      expect(metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`]).toContain('ES256')
  })

  it.each([
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
    `${bearerAssertion}x`,
    bearerAssertion.toUpperCase(),
    undefined,
  ])('CA-23 a sound assertion of the type %s is refused', async (type) => {
    const test = server()
    const { status, json } = await post(test, '/token', {
      grant_type: 'authorization_code',
      code: `${'g'.repeat(22)}.${'s'.repeat(43)}`,
      client_assertion: await signAssertion(key, test.clock.now()),
      client_assertion_type: type,
    })
    expect([status, json.error]).toEqual(refused)
  })

  it('may name itself by client_id, and not another', async () => {
    const test = server()
    const now = test.clock.now()
    expect(await present(test, await signAssertion(key, now), { client_id: 'pkjwt' })).toEqual(accepted)
    expect(await present(test, await signAssertion(key, now), { client_id: 'pub' })).toEqual([
      400,
      'invalid_request',
    ])
  })

  it('CA-15 an assertion is good once', async () => {
    const test = server()
    const assertion = await signAssertion(key, test.clock.now())
    expect(await present(test, assertion)).toEqual(accepted)
    expect(await present(test, assertion)).toEqual(refused)
    test.clock.advance(89)
    expect(await present(test, assertion)).toEqual(refused)
    expect(eventsOf(test, 'client.authentication_failed')[0]).toMatchObject({
      clientId: 'pkjwt',
      message: 'the assertion was used before',
    })
  })

  it('CA-16 of one assertion at two processes at once exactly one is taken', async () => {
    const storage = createMemoryStorage()
    const [first, second] = [server({ storage }), server({ storage })]
    for (let round = 0; round < 10; round++) {
      const assertion = await signAssertion(key, first.clock.now())
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => present(index % 2 ? first : second, assertion)),
      )
      expect(answers.filter(([status]) => status === 400)).toHaveLength(1)
    }
  })

  it('an assertion that is refused uses no id up', async () => {
    const test = server()
    const now = test.clock.now()
    const claims = { jti: 'the-same' }
    expect(
      await present(
        test,
        await signAssertion({ ...other, jwk: { ...other.jwk, kid: 'k1' } }, now, { claims }),
      ),
    ).toEqual(refused)
    expect(
      await present(
        test,
        await signAssertion(key, now, { claims: { ...claims, aud: 'https://other.example' } }),
      ),
    ).toEqual(refused)
    expect(await present(test, await signAssertion(key, now, { claims }))).toEqual(accepted)
  })

  it('two clients may use one id', async () => {
    const test = assertionServer(
      { jwks: { keys: [key.jwk] } },
      {
        clients: [
          registered(
            ...['pkjwt', 'second'].map((client_id) => ({
              client_id,
              jwks: { keys: [key.jwk] },
              redirect_uris: ['https://a.example/cb'],
            })),
          ),
        ],
      },
    )
    for (const id of ['pkjwt', 'second'])
      expect(
        await present(
          test,
          await signAssertion(key, test.clock.now(), { claims: { jti: 'x', iss: id, sub: id } }),
        ),
      ).toEqual(accepted)
  })

  it.each([
    ['of the token endpoint', `${issuer}/token`],
    ['of the issuer and another', [issuer, 'https://other.example']],
    ['of the issuer twice', [issuer, issuer]],
    ['of the issuer with a slash', `${issuer}/`],
    ['of another', 'https://other.example'],
    ['that is empty', []],
    ['that is missing', undefined],
  ])('CA-17 an audience %s is refused', async (_what, aud) => {
    const test = server()
    expect(await present(test, await signAssertion(key, test.clock.now(), { claims: { aud } }))).toEqual(
      refused,
    )
  })

  it('CA-17 the issuer alone is accepted in either form, and the token endpoint where the operator says so', async () => {
    const test = server()
    const now = test.clock.now()
    expect(await present(test, await signAssertion(key, now, { claims: { aud: [issuer] } }))).toEqual(
      accepted,
    )
    const legacy = assertionServer({ jwks: { keys: [key.jwk] }, assertionAudience: 'token_endpoint' })
    for (const aud of [issuer, `${issuer}/token`])
      expect(await present(legacy, await signAssertion(key, now, { claims: { aud } }))).toEqual(accepted)
    const both = [issuer, `${issuer}/token`]
    expect(await present(legacy, await signAssertion(key, now, { claims: { aud: both } }))).toEqual(refused)
  })

  it.each([
    ['iss of another client', { iss: 'web' }],
    ['no iss', { iss: undefined }],
    ['no jti', { jti: undefined }],
    ['an empty jti', { jti: '' }],
    ['a number for jti', { jti: 1 }],
    ['a jti of 513 characters', { jti: 'x'.repeat(513) }],
    ['no exp', { exp: undefined }],
    ['a text for exp', { exp: 'later' }],
  ])('an assertion with %s is refused', async (_what, claims) => {
    const test = server()
    expect(await present(test, await signAssertion(key, test.clock.now(), { claims }))).toEqual(refused)
    expect(eventsOf(test, 'request.failed')).toEqual([])
  })

  it.each([
    ['exp', 29, true],
    ['exp', 31, false],
    ['nbf', -29, true],
    ['nbf', -61, false],
    ['iat', -29, true],
    ['iat', -61, false],
  ])('CK-01 %s that was %d seconds ago: %s', async (claim, ago, good) => {
    const test = server()
    const claims = { [claim]: test.clock.now() / 1000 - ago }
    expect(await present(test, await signAssertion(key, test.clock.now(), { claims }))).toEqual(
      good ? accepted : refused,
    )
  })

  it('an assertion that is good for longer than ten minutes is refused, unless the operator allows it', async () => {
    const long = { exp: 1767225600 + 3000 }
    const test = server()
    expect(await present(test, await signAssertion(key, test.clock.now(), { claims: long }))).toEqual(refused)
    const lax = server({
      clientAuthentication: [none(), clientSecretBasic(), privateKeyJwt({ maximumLifetime: 3600 })],
    })
    expect(await present(lax, await signAssertion(key, lax.clock.now(), { claims: long }))).toEqual(accepted)
  })

  it('JW tricks with the header are refused', async () => {
    const test = server()
    const now = test.clock.now()
    const sound = await signAssertion(key, now)
    const [, payload = '', signature = ''] = sound.split('.')
    const header = (value: object) =>
      btoa(JSON.stringify(value)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')
    const hostile = [
      `${header({ alg: 'none' })}.${payload}.`,
      `${header({ alg: 'HS256', kid: 'k1' })}.${payload}.${signature}`,
      `${header({ alg: 'ES256', kid: 'k1', crit: ['x'], x: 1 })}.${payload}.${signature}`,
      `${header({ alg: 'ES256', jwk: other.jwk })}.${payload}.${signature}`,
      await signAssertion(other, now, { header: { jwk: other.jwk, kid: undefined } }),
      await signAssertion(key, now, { header: { typ: 'at+jwt' } }),
      await signAssertion(key, now, { header: { typ: 'dpop+jwt' } }),
      sound.slice(0, -4),
      `${sound}.${signature}`,
      'nonsense',
      'a.b.c',
      'x'.repeat(60_000),
    ]
    for (const assertion of hostile)
      expect(await present(test, assertion), assertion.slice(0, 80)).toEqual(refused)
    expect(eventsOf(test, 'request.failed')).toEqual([])
    for (const typ of ['JWT', 'client-authentication+jwt'])
      expect(await present(test, await signAssertion(key, now, { header: { typ } }))).toEqual(accepted)
  })

  it('without a key id each key of the client is tried, but none for encryption or another algorithm', async () => {
    const now = server().clock.now()
    const assertion = () => signAssertion(key, now, { header: { kid: undefined } })
    const { kid: _, ...plain } = key.jwk
    expect(await present(assertionServer({ jwks: { keys: [other.jwk, plain] } }), await assertion())).toEqual(
      accepted,
    )
    for (const changed of [
      { ...plain, use: 'enc' },
      { ...plain, alg: 'ES384' },
    ])
      expect(await present(assertionServer({ jwks: { keys: [changed] } }), await assertion())).toEqual(
        refused,
      )
  })

  it('CA-20 with a secret besides, by Basic or in the form, it is invalid_request', async () => {
    const test = server()
    const assertion = await signAssertion(key, test.clock.now())
    for (const basic of ['pkjwt:x', 'web:web-secret'])
      expect(await present(test, assertion, {}, { basic })).toEqual([400, 'invalid_request'])
    expect(await present(test, assertion, { client_secret: 'x' })).toEqual([400, 'invalid_request'])
    expect(await present(test, assertion, { client_id: 'pkjwt', client_secret: 'x' })).toEqual([
      400,
      'invalid_request',
    ])
    expect(await present(test, assertion)).toEqual(accepted)
  })

  it('is accepted by no lesser way', async () => {
    const test = server()
    const bare = { grant_type: 'authorization_code', code: 'x', client_id: 'pkjwt' }
    expect((await post(test, '/token', bare)).status).toBe(401)
    expect((await post(test, '/token', bare, { basic: 'pkjwt:' })).status).toBe(401)
    expect(
      await present(test, await signAssertion(key, test.clock.now(), { claims: { iss: 'pub', sub: 'pub' } })),
    ).toEqual(refused)
  })

  it('may register itself with its keys, and gets no secret', async () => {
    const test = server({ clients: [dynamicRegistration({ mode: 'open' })] })
    const metadata = {
      redirect_uris: ['https://app.example.com/cb'],
      token_endpoint_auth_method: 'private_key_jwt',
    }
    expect((await register(test, metadata)).json.error).toBe('invalid_client_metadata')
    const { status, json } = await register(test, { ...metadata, jwks: { keys: [key.jwk] } })
    expect(status).toBe(201)
    expect(json).not.toHaveProperty('client_secret')
    const claims = { iss: json.client_id, sub: json.client_id }
    expect(await present(test, await signAssertion(key, test.clock.now(), { claims }))).toEqual(accepted)
  })

  it.each([{ algorithms: ['HS256'] }, { algorithms: ['none'] }, { maximumLifetime: 0 }])(
    'refuses the options %o',
    (options) => {
      expect(() => privateKeyJwt(options)).toThrow('privateKeyJwt')
    },
  )
})
