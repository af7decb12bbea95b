// https://datatracker.ietf.org/doc/html/draft-ietf-oauth-attestation-based-client-auth-11#section-7.2
import { createMemoryStorage } from '@gatewright/storage'
import { beforeAll, describe, expect, it } from 'vitest'
import { accepted, refused } from '../support/assertions.ts'
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
import { proofFor, testKey } from '../support/dpop.ts'
import { post } from '../support/flow.ts'
import { issuer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

let keys: AttestationKeys
beforeAll(async () => {
  keys = await attestationKeys()
})

describe('the proof of an instance is refused', () => {
  it.each<[string, JwtChanges]>([
    ['of the type JWT', { header: { typ: 'JWT' } }],
    ['of no type', { header: { typ: undefined } }],
    ['of the type of a DPoP proof', { header: { typ: 'dpop+jwt' } }],
    ['for another server', { claims: { aud: 'https://other.example' } }],
    ['for the token endpoint', { claims: { aud: `${issuer}/token` } }],
    ['for another server as well', { claims: { aud: [issuer, 'https://other.example'] } }],
    ['for nobody', { claims: { aud: undefined } }],
    ['without jti', { claims: { jti: undefined } }],
    ['with an empty jti', { claims: { jti: '' } }],
    ['with a number for jti', { claims: { jti: 1 } }],
    ['with a jti of 257 characters', { claims: { jti: 'x'.repeat(257) } }],
    ['without iat', { claims: { iat: undefined } }],
    ['with a text for iat', { claims: { iat: 'now' } }],
    ['that has expired by its own word', { claims: { exp: 1 } }],
  ])('%s', async (_what, changes) => {
    const test = attestationServer(keys)
    expect(await present(test, await changed(test, keys, {}, changes))).toEqual(refused)
    expect(eventsOf(test, 'request.failed')).toEqual([])
  })

  it.each([
    [-31, refused],
    [-29, accepted],
    [89, accepted],
    [91, refused],
  ])('CK-01 that was made %d seconds ago: %o', async (ago, answer) => {
    const test = attestationServer(keys)
    const iat = test.clock.now() / 1000 - ago
    expect(await present(test, await changed(test, keys, {}, { claims: { iat } }))).toEqual(answer)
    // A proof whose time is over could not be remembered either, and is refused before that shows.
    if (answer === refused) expect(lastMessage(test)).toMatch('iat is missing, or too far')
  })

  it('that is missing, also where a DPoP proof of the same key comes in its place', async () => {
    const test = attestationServer(keys)
    const { attestation } = await attested(test, keys, keys.instance)
    expect(await present(test, { attestation })).toEqual(refused)
    const dpop = await prove(test, keys.instance, { header: { typ: 'dpop+jwt', jwk: keys.instance.jwk } })
    expect(await present(test, { attestation, dpop })).toEqual(refused)
    expect(lastMessage(test)).toBe('OAuth-Client-Attestation-PoP is missing')
  })

  it('that stands alone', async () => {
    const test = attestationServer(keys)
    const attestationProof = await prove(test, keys.instance)
    expect(await present(test, { attestationProof }, { client_id: 'wallet' })).toEqual(refused)
  })

  it('that comes twice', async () => {
    const test = attestationServer(keys)
    const { attestation } = await attested(test, keys, keys.instance)
    const two = `${await prove(test, keys.instance)}, ${await prove(test, keys.instance)}`
    expect(await present(test, { attestation, attestationProof: two })).toEqual(refused)
    expect(lastMessage(test)).toBe('OAuth-Client-Attestation-PoP must carry one JWT')
  })

  it('by another key than the attested one, whatever key its header brings', async () => {
    const test = attestationServer(keys)
    const attestation = await attest(test, keys.attester, keys.instance)
    for (const signer of [keys.other, keys.attester])
      for (const header of [{}, { jwk: signer.jwk }, { jwk: keys.instance.jwk }])
        expect(
          await present(test, { attestation, attestationProof: await prove(test, signer, { header }) }),
        ).toEqual(refused)
  })

  it('with an algorithm that is not taken, or that needs no key', async () => {
    const test = attestationServer(keys, { algorithms: ['ES384'] })
    expect(await present(test, await changed(test, keys))).toEqual(refused)
    expect(lastMessage(test)).toBe('the algorithm of the proof is not accepted: ES256')
    const lax = attestationServer(keys)
    const sound = await changed(lax, keys)
    const header = btoa(JSON.stringify({ alg: 'none', typ: 'oauth-client-attestation-pop+jwt' }))
    const unsigned = `${header.replaceAll('=', '')}.${sound.attestationProof?.split('.')[1]}.`
    expect(await present(lax, { ...sound, attestationProof: unsigned })).toEqual(refused)
  })

  it('a second time, until its time is over', async () => {
    const test = attestationServer(keys)
    const sender = await changed(test, keys)
    expect(await present(test, sender)).toEqual(accepted)
    for (const seconds of [0, 60, 29.9]) {
      test.clock.advance(seconds)
      expect(await present(test, sender)).toEqual(refused)
      expect(lastMessage(test)).toBe('the proof was used before')
    }
    test.clock.advance(1)
    expect(await present(test, sender)).toEqual(refused)
  })

  it('of two processes that get it at once, by one', async () => {
    const storage = createMemoryStorage()
    const [first, second] = [
      attestationServer(keys, {}, { storage }),
      attestationServer(keys, {}, { storage }),
    ]
    for (let round = 0; round < 5; round++) {
      const sender = await changed(first, keys)
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => present(index % 2 ? first : second, sender)),
      )
      expect(answers.filter(([status]) => status === 400)).toHaveLength(1)
    }
  })

  it('and one that is refused uses no id up, nor does another instance', async () => {
    const test = attestationServer(keys)
    const claims = { jti: 'the-same' }
    const aud = 'https://other.example'
    expect(await present(test, await changed(test, keys, {}, { claims: { ...claims, aud } }))).toEqual(
      refused,
    )
    const other = {
      attestation: await attest(test, keys.attester, keys.other),
      attestationProof: await prove(test, keys.other, { claims }),
    }
    expect(await present(test, other)).toEqual(accepted)
    expect(await present(test, await changed(test, keys, {}, { claims }))).toEqual(accepted)
  })
})

describe('a challenge of the server', () => {
  const challenge = { secret: 'a secret of challenges with more than 32 characters' }
  const demand = [400, 'use_attestation_challenge']
  const withChallenge = async (test: TestServer, value: unknown) =>
    changed(test, keys, {}, { claims: { challenge: value } })
  async function offered(test: TestServer): Promise<string> {
    const { headers } = await post(
      test,
      '/token',
      { grant_type: 'authorization_code' },
      await changed(test, keys),
    )
    return headers.get('oauth-client-attestation-challenge') ?? ''
  }

  it('is told to who brings none or a wrong one, and is good for a while', async () => {
    const test = attestationServer(keys, { challenge })
    const current = await offered(test)
    expect(current).toMatch(/^[\w-]{22}$/)
    for (const wrong of [undefined, 'x'.repeat(22), 7, `${current}x`, ''])
      expect(await present(test, await withChallenge(test, wrong))).toEqual(demand)
    expect(await present(test, await withChallenge(test, current))).toEqual(accepted)
    test.clock.advance(300)
    expect(await present(test, await withChallenge(test, current))).toEqual(accepted)
    test.clock.advance(300)
    expect(await present(test, await withChallenge(test, current))).toEqual(demand)
    expect(await present(test, await withChallenge(test, await offered(test)))).toEqual(accepted)
  })

  it('is told to nobody who is not the client, and not demanded where the operator has none', async () => {
    const test = attestationServer(keys, { challenge })
    const attestation = await attest(test, keys.attester, keys.instance)
    const stolen = { attestation, attestationProof: await prove(test, keys.other) }
    const { status, headers } = await post(test, '/token', { grant_type: 'authorization_code' }, stolen)
    expect([status, headers.get('oauth-client-attestation-challenge')]).toEqual([401, null])
    const lax = attestationServer(keys)
    expect(await present(lax, await withChallenge(lax, 'of somebody else'))).toEqual(accepted)
  })

  it('is not the nonce of DPoP, though the secret is the same', async () => {
    const test = attestationServer(keys, { challenge }, { dpop: { nonce: challenge } })
    const sender = await withChallenge(test, await offered(test))
    const dpop = await proofFor(await testKey(test))
    const { headers, json } = await post(
      test,
      '/token',
      { grant_type: 'authorization_code' },
      { ...sender, dpop },
    )
    expect(json.error).toBe('use_dpop_nonce')
    expect(headers.get('dpop-nonce')).not.toBe(await offered(test))
  })
})
