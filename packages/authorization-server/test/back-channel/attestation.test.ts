// https://datatracker.ietf.org/doc/html/draft-ietf-oauth-attestation-based-client-auth-11
import { attestJwtClientAuth, dynamicRegistration } from '@gatewright/authorization-server'
import type { AttestJwtClientAuthOptions, Client, ServerContext } from '@gatewright/authorization-server'
import { createMemoryStorage, createReplayStore } from '@gatewright/storage'
import { calculateJwkThumbprint } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { accepted, keyPair, refused } from '../support/assertions.ts'
import {
  attest,
  attestationKeys,
  attestationServer,
  attested,
  changed,
  lastMessage,
  presentAttested as present,
  prove,
} from '../support/attestation.ts'
import type { AttestationKeys, JwtChanges } from '../support/attestation.ts'
import { post } from '../support/flow.ts'
import { register } from '../support/registration.ts'
import { issuer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

let keys: AttestationKeys
beforeAll(async () => {
  keys = await attestationKeys()
})

describe('an attested instance of a client', () => {
  it('is let in, with client_id or without, and uses one attestation for many requests', async () => {
    const test = attestationServer(keys)
    const attestation = await attest(test, keys.attester, keys.instance)
    for (const client_id of ['wallet', undefined, 'wallet'])
      expect(
        await present(
          test,
          { attestation, attestationProof: await prove(test, keys.instance) },
          { client_id },
        ),
      ).toEqual(accepted)
  })

  it.each(['ES256', 'PS256', 'EdDSA', 'ES384'])('may sign with %s', async (alg) => {
    const pair = await keyPair('a', alg)
    const test = attestationServer({ ...keys, attester: pair })
    expect(await present(test, await attested(test, { ...keys, attester: pair }, pair))).toEqual(accepted)
  })

  it('is on offer in the metadata, with the algorithms of both signatures', async () => {
    const attesters = [
      { clients: ['wallet', 'purse'], jwks: { keys: [keys.attester.jwk] }, algorithms: ['ES256'] },
    ]
    const { server } = attestationServer(keys, { attesters, algorithms: ['ES256', 'ES384'] })
    const metadata = await server.metadata()
    expect(metadata).toMatchObject({
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'attest_jwt_client_auth'],
      client_attestation_signing_alg_values_supported: ['ES256'],
      client_attestation_pop_signing_alg_values_supported: ['ES256', 'ES384'],
    })
    expect(metadata).not.toHaveProperty('challenge_endpoint')
  })

  it('authenticates at every endpoint that clients authenticate at, and nobody does by its name alone', async () => {
    const test = attestationServer(keys)
    const challenge = 'c'.repeat(43)
    const requests: [string, Record<string, string>, number][] = [
      ['/token', { grant_type: 'client_credentials' }, 200],
      ['/revoke', { token: 'x' }, 200],
      ['/introspect', { token: 'x' }, 200],
      ['/device_authorization', { scope: 'read:application' }, 200],
      [
        '/par',
        {
          response_type: 'code',
          redirect_uri: 'https://app.example.com/cb',
          code_challenge: challenge,
          code_challenge_method: 'S256',
        },
        201,
      ],
    ]
    for (const [path, more, good] of requests) {
      const parameters = { client_id: 'wallet', resource: `${issuer}/mcp`, ...more }
      const { status } = await post(test, path, parameters, await attested(test, keys, keys.instance))
      expect([path, status]).toEqual([path, good])
      const bare = await post(test, path, parameters)
      expect([path, bare.status, bare.json.error]).toEqual([path, ...refused])
    }
  })
})

describe('an attestation is refused', () => {
  it.each<[string, JwtChanges]>([
    ['of the type JWT', { header: { typ: 'JWT' } }],
    ['of no type', { header: { typ: undefined } }],
    ['of the type of a proof', { header: { typ: 'oauth-client-attestation-pop+jwt' } }],
    ['without exp', { claims: { exp: undefined } }],
    ['with a text for exp', { claims: { exp: 'later' } }],
    ['without sub', { claims: { sub: undefined } }],
    ['without cnf', { claims: { cnf: undefined } }],
    ['with null for cnf', { claims: { cnf: null } }],
    ['that names a thumbprint and no key', { claims: { cnf: { jkt: 'x'.repeat(43) } } }],
    ['with a text for the key', { claims: { cnf: { jwk: 'x' } } }],
    ['from the future', { claims: { iat: 4_000_000_000 } }],
    ['that counts from later on', { claims: { nbf: 4_000_000_000 } }],
    ['with a critical header that nobody knows', { header: { crit: ['x'], x: 1 } }],
  ])('%s', async (_what, changes) => {
    const test = attestationServer(keys)
    expect(await present(test, await changed(test, keys, changes), { client_id: 'wallet' })).toEqual(refused)
    expect(eventsOf(test, 'request.failed')).toEqual([])
    expect(await present(test, await changed(test, keys))).toEqual(accepted)
  })

  it('that names a private, a symmetric or a weak key', async () => {
    const test = attestationServer(keys)
    const { d } = await crypto.subtle.exportKey('jwk', keys.instance.privateKey)
    const weak = { kty: 'RSA', n: 'x'.repeat(171), e: 'AQAB' }
    for (const jwk of [{ ...keys.instance.jwk, d }, { kty: 'oct', k: 'c2VjcmV0' }, weak]) {
      const sender = await changed(test, keys, { claims: { cnf: { jwk } } })
      expect(await present(test, sender)).toEqual(refused)
      expect(lastMessage(test)).toMatch('cnf.jwk is not a public key')
    }
  })

  it('that a stranger signed, or the instance for itself, whatever key its header brings', async () => {
    const test = attestationServer(keys)
    const { kid } = keys.attester.jwk
    for (const signer of [keys.other, keys.instance])
      for (const header of [{ kid }, { kid: undefined, jwk: signer.jwk }, { kid, jwk: signer.jwk }]) {
        const attestation = await attest(test, signer, keys.instance, { header })
        const attestationProof = await prove(test, keys.instance)
        expect(await present(test, { attestation, attestationProof })).toEqual(refused)
      }
  })

  it('without a signature, or with one that whoever knows the public key can make', async () => {
    const test = attestationServer(keys)
    const sound = await attest(test, keys.attester, keys.instance)
    const [, payload = '', signature = ''] = sound.split('.')
    const header = (value: object) =>
      btoa(JSON.stringify({ typ: 'oauth-client-attestation+jwt', kid: keys.attester.jwk.kid, ...value }))
        .replaceAll('=', '')
        .replaceAll('+', '-')
        .replaceAll('/', '_')
    for (const attestation of [
      `${header({ alg: 'none' })}.${payload}.`,
      `${header({ alg: 'HS256' })}.${payload}.${signature}`,
      sound.slice(0, -4),
      `${sound}.${signature}`,
      `${sound}, ${sound}`,
      'nonsense',
      'a.b.c',
      'x'.repeat(20_000),
    ]) {
      const attestationProof = await prove(test, keys.instance)
      expect(await present(test, { attestation, attestationProof }, { client_id: 'wallet' })).toEqual(refused)
    }
    expect(eventsOf(test, 'request.failed')).toEqual([])
  })

  it('with an algorithm that this attester does not sign with', async () => {
    const attesters = [
      { clients: ['wallet', 'purse'], jwks: { keys: [keys.attester.jwk] }, algorithms: ['ES384'] },
    ]
    const test = attestationServer(keys, { attesters })
    expect(await present(test, await changed(test, keys))).toEqual(refused)
    expect(lastMessage(test)).toBe('the algorithm of the attestation is not accepted: ES256')
  })

  it('for another client than client_id names', async () => {
    const test = attestationServer(keys)
    const sender = () => changed(test, keys, { claims: { sub: 'purse' } })
    expect(await present(test, await sender(), { client_id: 'wallet' })).toEqual([400, 'invalid_request'])
    expect(await present(test, await sender(), { client_id: 'purse' })).toEqual(accepted)
  })

  it('by an attester that does not speak for this client', async () => {
    const second = await keyPair('second')
    const attesters = [
      { clients: ['wallet'], jwks: { keys: [keys.attester.jwk] } },
      { clients: ['purse'], jwks: { keys: [second.jwk] } },
    ]
    const test = attestationServer(keys, { attesters })
    const by = { ...keys, attester: second }
    expect(await present(test, await attested(test, by, keys.instance, 'wallet'))).toEqual(refused)
    expect(await present(test, await attested(test, by, keys.instance, 'purse'))).toEqual(accepted)
    expect(await present(test, await attested(test, keys, keys.instance, 'wallet'))).toEqual(accepted)
  })

  it('for a client that authenticates in another way or not at all, and for one that does not exist', async () => {
    const attesters = [
      { clients: ['wallet', 'purse', 'web', 'pub', 'nobody'], jwks: { keys: [keys.attester.jwk] } },
    ]
    const test = attestationServer(keys, { attesters })
    for (const client of ['web', 'pub', 'nobody'])
      expect(await present(test, await attested(test, keys, keys.instance, client))).toEqual(refused)
    // Who sends one that cannot be read tried to authenticate, too.
    expect(await present(test, { attestation: 'x' }, { client_id: 'pub' })).toEqual(refused)
    expect(await present(test, {}, { client_id: 'pub' })).toEqual(accepted)
  })

  it('beside another way of authentication', async () => {
    const test = attestationServer(keys)
    const twice = [400, 'invalid_request']
    const sender = () => attested(test, keys, keys.instance)
    expect(await present(test, { ...(await sender()), basic: 'web:web-secret' })).toEqual(twice)
    expect(await present(test, await sender())).toEqual(accepted)
  })

  it('of another issuer, where the attester has one', async () => {
    const attesters = [
      { clients: ['wallet', 'purse'], jwks: { keys: [keys.attester.jwk] }, issuer: 'https://a.example' },
    ]
    const test = attestationServer(keys, { attesters })
    for (const [iss, answer] of [
      ['https://a.example', accepted],
      ['https://b.example', refused],
      [undefined, refused],
    ] as const)
      expect(await present(test, await changed(test, keys, { claims: { iss } }))).toEqual(answer)
  })

  it('once it has expired, with a word that asks for another', async () => {
    const test = attestationServer(keys)
    const at = test.clock.now() / 1000
    const fresh = [400, 'use_fresh_attestation']
    expect(await present(test, await changed(test, keys, { claims: { exp: at - 29 } }))).toEqual(accepted)
    expect(await present(test, await changed(test, keys, { claims: { exp: at - 31 } }))).toEqual(fresh)
    expect(lastMessage(test)).toBe('the attestation has expired')
    // A stranger's says nothing, expired or not.
    const forged = await attest(test, keys.other, keys.instance, { claims: { exp: at - 31 } })
    expect(
      await present(test, { attestation: forged, attestationProof: await prove(test, keys.instance) }),
    ).toEqual(refused)
  })

  it('once it is older than the operator wants', async () => {
    const test = attestationServer(keys, { maximumAge: 600 })
    const at = test.clock.now() / 1000
    const fresh = [400, 'use_fresh_attestation']
    for (const [iat, answer] of [
      [at - 629, accepted],
      [at - 631, fresh],
      [undefined, fresh],
    ] as const)
      expect(await present(test, await changed(test, keys, { claims: { iat } }))).toEqual(answer)
  })
})

describe('the keys of an attester', () => {
  it('are fetched from where they are, once, and never for a client that it does not speak for', async () => {
    const fetched: string[] = []
    const attesters = [
      { clients: ['wallet'], jwks_uri: 'https://attester.example/jwks.json' },
      { clients: ['purse'], jwks: { keys: [keys.attester.jwk] } },
    ]
    const runtime = {
      now: () => Date.parse('2026-01-01T00:00:00Z'),
      randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
      fetch: async (input: RequestInfo | URL) => {
        fetched.push(new Request(input).url)
        return Response.json({ keys: [keys.attester.jwk] })
      },
    }
    const test = attestationServer(keys, { attesters }, { runtime })
    const forged = await attest(test, keys.other, keys.instance, { claims: { sub: 'purse' } })
    expect(
      await present(test, { attestation: forged, attestationProof: await prove(test, keys.instance) }),
    ).toEqual(refused)
    expect(fetched).toEqual([])
    for (let round = 0; round < 2; round++)
      expect(await present(test, await changed(test, keys))).toEqual(accepted)
    expect(fetched).toEqual(['https://attester.example/jwks.json'])
  })

  it('that cannot be read are no reason to let anybody in', async () => {
    const attesters = [{ clients: ['wallet', 'purse'], jwks_uri: 'https://attester.example/jwks.json' }]
    const test = attestationServer(keys, { attesters })
    expect(await present(test, await changed(test, keys))).toEqual([503, 'temporarily_unavailable'])
    expect(eventsOf(test, 'client.authentication_failed').map(({ reason }) => reason)).toEqual([
      'temporarily_unavailable',
    ])
  })
})

describe('the options of attested clients', () => {
  const attester = { clients: ['wallet'], jwks: { keys: [] } }
  it.each<[string, AttestJwtClientAuthOptions]>([
    ['no attester', { attesters: [] }],
    ['an attester for nobody', { attesters: [{ ...attester, clients: [] }] }],
    ['an attester without keys', { attesters: [{ clients: ['wallet'] }] }],
    ['keys at two places', { attesters: [{ ...attester, jwks_uri: 'https://a.example/jwks' }] }],
    ['keys at an http URL', { attesters: [{ clients: ['wallet'], jwks_uri: 'http://a.example/jwks' }] }],
    ['a symmetric algorithm of an attester', { attesters: [{ ...attester, algorithms: ['HS256'] }] }],
    ['a symmetric algorithm of proofs', { attesters: [attester], algorithms: ['HS256'] }],
    ['no algorithm', { attesters: [attester], algorithms: [] }],
    ['proofs that last', { attesters: [attester], lifetime: 301 }],
    ['a maximum age of nothing', { attesters: [attester], maximumAge: 0 }],
    ['a short secret of challenges', { attesters: [attester], challenge: { secret: 'short' } }],
  ])('are refused with %s', (_what, options) => {
    expect(() => attestJwtClientAuth(options)).toThrow(TypeError)
  })

  it('are refused when a client is registered that nobody vouches for', () => {
    const attesters = [{ clients: ['wallet'], jwks: { keys: [keys.attester.jwk] } }]
    expect(() => attestationServer(keys, { attesters })).toThrow(
      'client "purse": no attester of attestJwtClientAuth speaks for it; name it in clients of one',
    )
  })

  it('leave no door to clients that register themselves', async () => {
    const test = attestationServer(keys, {}, { clients: [dynamicRegistration({ mode: 'open' })] })
    const metadata = {
      redirect_uris: ['https://app.example.com/cb'],
      token_endpoint_auth_method: 'attest_jwt_client_auth',
    }
    const { json } = await register(test, metadata)
    const id = json.client_id
    expect(await present(test, await attested(test, keys, keys.instance, id))).toEqual(refused)
  })
})

// The part that looks the client up asks for the one that the attestation names, so only here can the two differ.
it('an attestation of one client is none of another, whoever asks', async () => {
  const attesters = [{ clients: ['wallet', 'purse'], jwks: { keys: [keys.attester.jwk] } }]
  const method = attestJwtClientAuth({ attesters })
  const test = attestationServer(keys)
  const { attestation = '', attestationProof = '' } = await changed(test, keys)
  const server = {
    issuer,
    now: test.clock.now,
    partitions: { issuer: 'x' },
    replay: createReplayStore(createMemoryStorage()),
  } as unknown as ServerContext
  const ask = (clientId: string) => {
    const candidate = { clientId, secret: attestation, proof: attestationProof }
    return method.verify(candidate, { client_id: clientId } as Client, server)
  }
  expect(await ask('purse')).toBe('the attestation is for another client, or no JWT')
  expect(await ask('wallet')).toEqual({ instance: await calculateJwkThumbprint(keys.instance.jwk) })
})
