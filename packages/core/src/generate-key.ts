/**
 * Generates the key pair of a signature algorithm, as a private JWK and as what of it is public.
 *
 * @see [RFC 7518 §3.1 - "alg" (Algorithm) Header Parameter Values for JWS](https://www.rfc-editor.org/rfc/rfc7518.html#section-3.1)
 */
export async function generateKey(
  alg: 'ES256' | 'RS256' | 'EdDSA',
): Promise<{ readonly privateJwk: JsonWebKey; readonly publicJwk: JsonWebKey }> {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey(parameters[alg], true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  return { privateJwk: await exportKey(privateKey), publicJwk: await exportKey(publicKey) }
}

const parameters = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: { name: 'Ed25519' },
  RS256: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const

/** Without what Web Crypto adds about the object that it came from, some of it in words that others do not take. */
async function exportKey(key: CryptoKey): Promise<JsonWebKey> {
  const {
    key_ops: _operations,
    ext: _extractable,
    alg: _alg,
    ...jwk
  } = await crypto.subtle.exportKey('jwk', key)
  // In some runtimes an exported key has every member that a JWK may have, most of them without a value.
  return Object.fromEntries(Object.entries(jwk).filter(([, value]) => value !== undefined))
}
