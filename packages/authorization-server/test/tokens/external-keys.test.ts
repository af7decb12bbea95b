// RFC 8725 §3.5: https://www.rfc-editor.org/rfc/rfc8725.html#section-3.5
import { externalKeys, importSigner } from '@gatewright/authorization-server'
import { exportJWK, generateKeyPair, jwtVerify, createLocalJWKSet } from 'jose'
import { describe, expect, it } from 'vitest'
import { claimsOf } from '../support/flow.ts'
import { issuer, testServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

const pair = async (alg: string) => generateKeyPair(alg, { extractable: true, modulusLength: 2048 })
const privateJwk = async (alg: string) => exportJWK((await pair(alg)).privateKey) as Promise<JsonWebKey>

describe('keys that are kept elsewhere', () => {
  it.each(['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA'])('sign with %s, and verify', async (alg) => {
    const test = testServer({ keys: externalKeys(await importSigner(await privateJwk(alg), alg)) })
    const tokens = await obtainTokens(test, { scope: 'openid read:application' })
    const { keys } = await test.server.jwks()
    expect(JSON.stringify(keys)).not.toContain('"d":')
    const options = { issuer, algorithms: [alg], currentDate: new Date(test.clock.now()) }
    const verified = await jwtVerify(tokens.accessToken ?? '', createLocalJWKSet({ keys }), options)
    expect(verified.payload.sub).toBe('alice')
    expect(await test.server.introspect(tokens.accessToken ?? '')).toMatchObject({ sub: 'alice' })
    expect(await test.server.metadata()).toMatchObject({ id_token_signing_alg_values_supported: [alg] })
  })

  it('an ID token hashes its access token as its algorithm wants it', async () => {
    const halves: Readonly<Record<string, number>> = { ES256: 22, ES384: 32, EdDSA: 43 }
    for (const [alg, length] of Object.entries(halves)) {
      const test = testServer({ keys: externalKeys(await importSigner(await privateJwk(alg), alg)) })
      const { tokens } = await obtainTokens(test, { scope: 'openid read:application' })
      expect(claimsOf(tokens.id_token).at_hash, alg).toHaveLength(length)
    }
  })

  it('AC-18 the first signs, and tokens of the others verify as long as these are listed', async () => {
    const [old, fresh] = [
      await importSigner(await privateJwk('ES256'), 'ES256'),
      await importSigner(await privateJwk('EdDSA'), 'EdDSA'),
    ]
    const before = testServer({ keys: externalKeys(old, fresh) })
    const { accessToken = '' } = await obtainTokens(before)
    const after = testServer({ keys: externalKeys(fresh, old), storage: before.storage })
    expect(await after.server.introspect(accessToken)).toMatchObject({ sub: 'alice' })
    const done = testServer({ keys: externalKeys(fresh), storage: before.storage })
    expect(await done.server.introspect(accessToken)).toBeUndefined()
  })

  it('a signer that gives DER issues nothing, and the operator reads why', async () => {
    const signer = await importSigner(await privateJwk('ES256'), 'ES256')
    const test = testServer({ keys: externalKeys({ ...signer, sign: async () => new Uint8Array(71) }) })
    await expect(obtainTokens(test)).rejects.toThrow('the server failed')
    expect(test.events.at(-1)).toMatchObject({
      type: 'request.failed',
      message: expect.stringContaining('not DER'),
    })
  })
})

describe('JW-17 a key that must not sign', () => {
  it('is refused when it is handed in', async () => {
    const signer = await importSigner(await privateJwk('ES256'), 'ES256')
    const withKey =
      (publicJwk: object, alg = 'ES256') =>
      () =>
        externalKeys({ ...signer, alg, publicJwk })
    const rsa = await exportJWK((await pair('RS256')).publicKey)
    expect(withKey({ ...signer.publicJwk, crv: 'P-384' })).toThrow('is not on the curve P-256')
    expect(withKey({ ...signer.publicJwk, d: 'secret' })).toThrow('is private')
    expect(withKey({ kty: 'oct', k: 'secret' })).toThrow('is symmetric')
    expect(withKey({ ...rsa, n: 'x'.repeat(171) }, 'RS256')).toThrow('has fewer than 2048 bits')
    expect(withKey(signer.publicJwk, 'HS256')).toThrow('has the algorithm HS256')
    expect(withKey(signer.publicJwk, 'RS256')).toThrow('is no RSA key')
    expect(() => externalKeys()).toThrow('at least one signer')
    expect(() => externalKeys(signer, signer)).toThrow('a kid of its own')
  })

  it('is refused when it is imported', async () => {
    const key = await privateJwk('ES256')
    await expect(importSigner({ ...key, d: undefined as never }, 'ES256')).rejects.toThrow('not private')
    await expect(importSigner(key, 'ES384')).rejects.toThrow('is not on the curve')
    await expect(
      importSigner({ ...(await privateJwk('RS256')), n: 'x'.repeat(171) }, 'RS256'),
    ).rejects.toThrow('fewer than 2048 bits')
  })
})
