// RFC 9449 §4.2: https://www.rfc-editor.org/rfc/rfc9449.html#section-4.2
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { importProofKey } from '../src/proof-key.ts'

const keyOf = async (algorithm: string) => exportJWK((await generateKeyPair(algorithm)).publicKey)
const elliptic = await keyOf('ES256')
const rsa = await keyOf('RS256')

/** An RSA key of so many bytes; nobody has its factors. */
function modulus(bytes: number): string {
  const number = Buffer.alloc(bytes, 0xc5)
  return number.toString('base64url')
}

describe('the key of a proof', () => {
  it.each(['ES256', 'ES384', 'ES512', 'EdDSA', 'RS256'])(
    'of %s is known by its thumbprint',
    async (algorithm) => {
      const jwk = await keyOf(algorithm)
      const found = await importProofKey({ ...jwk, kid: 'x', use: 'sig', alg: algorithm }, algorithm)
      expect(found?.jkt).toBe(await calculateJwkThumbprint(jwk))
    },
  )

  it.each([undefined, null, 7, 'EC', [], {}, { kty: 'toString' }, { kty: '__proto__' }, { kty: ['EC'] }])(
    'is not %j',
    async (value) => {
      expect(await importProofKey(value, 'ES256')).toBeUndefined()
    },
  )

  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])(
    'has no member %s, whatever it is',
    async (secret) => {
      expect(await importProofKey({ ...elliptic, [secret]: undefined }, 'ES256')).toBeUndefined()
      expect(await importProofKey({ ...rsa, [secret]: 'AQAB' }, 'RS256')).toBeUndefined()
    },
  )

  it('is written in one way, so that it has one thumbprint', async () => {
    for (const other of [`${rsa.n}=`, ` ${rsa.n}`, `${rsa.n}\n`, [rsa.n], 7])
      expect(await importProofKey({ ...rsa, n: other }, 'RS256'), String(other)).toBeUndefined()
    expect(await importProofKey({ ...rsa, e: 65_537 }, 'RS256')).toBeUndefined()
    expect(await importProofKey({ ...elliptic, x: `${elliptic.x}=` }, 'ES256')).toBeUndefined()
  })

  it('is on the curve of its algorithm', async () => {
    expect(await importProofKey(await keyOf('ES384'), 'ES256')).toBeUndefined()
    expect(await importProofKey({ ...elliptic, crv: 'secp256k1' }, 'ES256')).toBeUndefined()
    const { x } = await keyOf('EdDSA')
    expect(await importProofKey({ kty: 'OKP', crv: 'X25519', x }, 'EdDSA')).toBeUndefined()
  })

  it.each(['ES256', 'ES384', 'ES512'])('of %s checks no signature beside its curve', async (algorithm) => {
    const { publicKey, privateKey } = await generateKeyPair(algorithm)
    const jwk = await exportJWK(publicKey)
    const found = await importProofKey({ ...jwk, x: jwk.y }, algorithm)
    // Deno looks at the point when a signature is checked, all others when it is imported.
    expect(found === undefined).toBe(!('Deno' in globalThis))
    if (found === undefined) return
    const proof = await new SignJWT().setProtectedHeader({ alg: algorithm }).sign(privateKey)
    await expect(jwtVerify(proof, found.key)).rejects.toThrow('signature verification failed')
  })

  it('of RSA has 2,048 to 4,096 bits, and an exponent of 32 at most', async () => {
    const known = async (n: string, e: string) =>
      (await importProofKey({ kty: 'RSA', n, e }, 'RS256')) !== undefined
    expect(await Promise.all([255, 256, 512, 513].map((bytes) => known(modulus(bytes), 'AQAB')))).toEqual([
      false,
      true,
      true,
      false,
    ])
    // Of 4 and 5 bytes. Workers import none of 4.
    expect([await known(modulus(256), 'AQAAAQ'), await known(modulus(256), 'AQAAAAE')]).toEqual([
      !('WebSocketPair' in globalThis),
      false,
    ])
    // That the sizes are what is measured: this is a key like any other.
    expect(await importJWK({ kty: 'RSA', n: modulus(513), e: 'AQAB' }, 'RS256')).toMatchObject({
      type: 'public',
    })
  })
})
