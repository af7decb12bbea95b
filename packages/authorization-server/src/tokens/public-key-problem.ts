const curveOf: Readonly<Record<string, string>> = {
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
}

/** The algorithms that a signer may have. */
const signerAlgorithms: ReadonlySet<string> = new Set([
  ...Object.keys(curveOf),
  ...['256', '384', '512'].flatMap((bits) => [`RS${bits}`, `PS${bits}`]),
])

/**
 * Why a key must not be published as the public key of an algorithm, or `undefined` when it may.
 *
 * @see [RFC 8725 §3.5 - Ensure Cryptographic Keys Have Sufficient Entropy](https://www.rfc-editor.org/rfc/rfc8725.html#section-3.5)
 */
export function publicKeyProblem(jwk: Readonly<Record<string, unknown>>, alg: string): string | undefined {
  if (!signerAlgorithms.has(alg)) return `has the algorithm ${alg}, which tokens must not have`
  if (jwk.kty === 'oct' || 'k' in jwk) return 'is symmetric'
  // What is published in the JWKS is read by everybody.
  if ('d' in jwk) return 'is private'
  const curve = curveOf[alg]
  if (curve !== undefined) return jwk.crv === curve ? undefined : `is not on the curve ${curve} of ${alg}`
  if (jwk.kty !== 'RSA' || typeof jwk.n !== 'string') return `is no RSA key, as ${alg} needs`
  // 2,048 bits are 342 characters of base64url without padding.
  return jwk.n.length >= 342 ? undefined : 'has fewer than 2048 bits'
}
