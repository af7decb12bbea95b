import type { JsonWebKeySet } from './key-set.ts'

const maximumCount = 100
const curves = new Set(['P-256', 'P-384', 'P-521'])

/**
 * Why a key cannot verify access tokens, or `undefined` when it can.
 *
 * @see [RFC 8725 §3.5 - Ensure Cryptographic Keys Have Sufficient Entropy](https://www.rfc-editor.org/rfc/rfc8725.html#section-3.5)
 */
export function keyProblem(key: Readonly<Record<string, unknown>>): string | undefined {
  // A symmetric key that everyone may read would let everyone sign.
  if (key.kty === 'oct' || 'k' in key) return 'is symmetric'
  if ('d' in key) return 'is private'
  switch (key.kty) {
    case 'RSA':
      // 2,048 bits are 342 characters of base64url without padding.
      return typeof key.n === 'string' && key.n.length >= 342 ? undefined : 'has fewer than 2048 bits'
    case 'EC':
      return curves.has(String(key.crv)) ? undefined : `is on the curve ${String(key.crv)}`
    case 'OKP':
      return key.crv === 'Ed25519' ? undefined : `is on the curve ${String(key.crv)}`
    default:
      return `has the unknown type ${String(key.kty)}`
  }
}

/**
 * The keys of a set that can verify access tokens; the others are left out.
 *
 * @throws {Error} when it is no JSON Web Key Set, has over 100 keys, or none that can be used
 * @see [RFC 7517 §5 - JWK Set Format](https://www.rfc-editor.org/rfc/rfc7517.html#section-5)
 */
export function usableKeys(value: unknown): JsonWebKeySet {
  const keys: unknown = (value as { keys?: unknown } | undefined)?.keys
  if (!Array.isArray(keys)) throw new Error('the key set has no list of keys')
  if (keys.length > maximumCount) throw new Error(`the key set has more than ${maximumCount} keys`)
  const usable = keys.filter(
    (key): key is JsonWebKey => typeof key === 'object' && key !== null && keyProblem(key) === undefined,
  )
  if (usable.length === 0) throw new Error('the key set has no key that could verify a signature')
  return { keys: usable }
}
