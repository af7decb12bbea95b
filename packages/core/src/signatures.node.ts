import { Buffer } from 'node:buffer'
import { constants, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject, SignKeyObjectInput } from 'node:crypto'
import { derOf, rawOf } from './ecdsa-der.ts'
import type { Sign, Verify } from './signatures.ts'

function signElsewhere(hash: string, data: Uint8Array, key: SignKeyObjectInput): Promise<Buffer> {
  return new Promise((fulfil, reject) =>
    sign(hash, data, key, (error, signature) => (error === null ? fulfil(signature) : reject(error))),
  )
}

/**
 * What signatures.ts does, at once and on this thread for keys on curves: handing over to another thread costs more than such a
 * signature. RSA takes ten times as long and goes to another thread.
 */
export async function signWith(privateJwk: JsonWebKey, alg: string): Promise<Sign> {
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  const size = rawSize(alg)
  if (alg === 'EdDSA' || alg === 'Ed25519') return async (data) => new Uint8Array(sign(null, data, key))
  if (size !== undefined) return async (data) => rawOf(sign(hashOf(alg), data, key), size)
  return async (data) => new Uint8Array(await signElsewhere(hashOf(alg), data, parametersOf(alg, key)))
}

/** What signatures.ts does, at once: verifying is cheap by every algorithm. */
export async function verifyWith(publicJwk: JsonWebKey, alg: string): Promise<Verify> {
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' })
  if (alg === 'EdDSA' || alg === 'Ed25519')
    return async (data, signature) => verify(null, bytesOf(data), key, signature)
  const hash = hashOf(alg)
  const size = rawSize(alg)
  if (size !== undefined)
    return async (data, signature) =>
      signature.length === size &&
      verify(hash, bytesOf(data), key, derOf(signature, Buffer.allocUnsafe(size + 9)))
  const parameters = parametersOf(alg, key)
  return async (data, signature) => verify(hash, bytesOf(data), parameters, signature)
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data
}

function hashOf(alg: string): string {
  return `sha${alg.slice(2)}`
}

function rawSize(alg: string): number | undefined {
  return { ES256: 64, ES384: 96, ES512: 132 }[alg]
}

function parametersOf(alg: string, key: KeyObject): SignKeyObjectInput {
  return alg.startsWith('PS')
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 }
    : { key }
}
