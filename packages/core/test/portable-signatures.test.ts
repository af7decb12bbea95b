// Without Node's own functions, so that it runs wherever Web Crypto is
import { expect, test } from 'vitest'
import { signWith, verifyWith } from '../src/signatures.ts'

const data = new TextEncoder().encode('what is signed')
const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
const keys = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  EdDSA: { name: 'Ed25519' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', ...rsa },
  PS256: { name: 'RSA-PSS', ...rsa },
}

test.each(Object.entries(keys))(
  'a signature of another length is wrong, and nothing is thrown: %s',
  async (alg, parameters) => {
    const pair = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])
    if (!('privateKey' in pair)) throw new Error('a pair of keys is needed')
    const privateJwk = await crypto.subtle.exportKey('jwk', pair.privateKey)
    const publicJwk = await crypto.subtle.exportKey('jwk', pair.publicKey)
    const signature = await (await signWith(privateJwk, alg))(data)
    const check = await verifyWith(publicJwk, alg)
    expect(await check(data, signature)).toBe(true)
    for (const wrong of [signature.slice(1), new Uint8Array(), new Uint8Array(signature.length + 1)])
      expect(await check(data, wrong)).toBe(false)
  },
)
