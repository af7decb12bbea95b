/** Signs bytes: the raw signature of JWS, for ES256 R and S. */
export type Sign = (data: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>

/** Whether a raw signature of JWS is right over some bytes, or over a text in UTF-8. */
export type Verify = (
  data: string | Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
) => Promise<boolean>

const encoder = new TextEncoder()

/**
 * Makes the function that signs with a private key. The key is imported once.
 *
 * It does not check whether the key is strong, or is one for the algorithm.
 *
 * @see [RFC 7518 §3 - Cryptographic Algorithms for Digital Signatures and MACs](https://www.rfc-editor.org/rfc/rfc7518.html#section-3)
 */
export async function signWith(privateJwk: JsonWebKey, alg: string): Promise<Sign> {
  const key = await importKey(privateJwk, alg, 'sign')
  return async (data) => new Uint8Array(await crypto.subtle.sign(useOf(alg), key, data))
}

/**
 * Makes the function that verifies signatures by a public key. The key is imported once.
 *
 * It does not check whether the key is strong, or is one for the algorithm.
 *
 * @see [RFC 7518 §3 - Cryptographic Algorithms for Digital Signatures and MACs](https://www.rfc-editor.org/rfc/rfc7518.html#section-3)
 */
export async function verifyWith(publicJwk: JsonWebKey, alg: string): Promise<Verify> {
  const key = await importKey(publicJwk, alg, 'verify')
  return async (data, signature) =>
    // Some runtimes throw at an Ed25519 signature of another length, where others say no.
    (key.algorithm.name !== 'Ed25519' || signature.length === 64) &&
    crypto.subtle.verify(useOf(alg), key, signature, typeof data === 'string' ? encoder.encode(data) : data)
}

function importKey(jwk: JsonWebKey, alg: string, use: 'sign' | 'verify'): Promise<CryptoKey> {
  // What a key says about its own use was checked before, and some say it in words that Web Crypto does not take.
  const { key_ops: _operations, use: _use, alg: _alg, ext: _ext, ...key } = jwk
  return crypto.subtle.importKey('jwk', key, importOf(alg, jwk.crv), false, [use])
}

function importOf(alg: string, curve: string | undefined): EcKeyImportParams | RsaHashedImportParams {
  const hash = `SHA-${alg.slice(2)}`
  if (alg.startsWith('ES')) return { name: 'ECDSA', namedCurve: curve ?? '' }
  if (alg.startsWith('RS')) return { name: 'RSASSA-PKCS1-v1_5', hash }
  if (alg.startsWith('PS')) return { name: 'RSA-PSS', hash }
  return { name: 'Ed25519', namedCurve: 'Ed25519' }
}

function useOf(alg: string): AlgorithmIdentifier | EcdsaParams | RsaPssParams {
  if (alg.startsWith('ES')) return { name: 'ECDSA', hash: `SHA-${alg.slice(2)}` }
  if (alg.startsWith('RS')) return { name: 'RSASSA-PKCS1-v1_5' }
  if (alg.startsWith('PS')) return { name: 'RSA-PSS', saltLength: Number(alg.slice(2)) / 8 }
  return { name: 'Ed25519' }
}
