import { jwkThumbprint } from '@gatewright/core'
import type { CryptoKey, JWK } from 'jose'

// What makes a key, by its type. A symmetric key is none that a signature could be checked with in public.
const members = new Map<unknown, readonly string[]>([
  ['EC', ['kty', 'crv', 'x', 'y']],
  ['OKP', ['kty', 'crv', 'x']],
  ['RSA', ['kty', 'n', 'e']],
])
// Some runtimes do not look at the name when they import a point, and another name would be another thumbprint of the same key.
const curves = new Map([
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
  ['EdDSA', 'Ed25519'],
  ['Ed25519', 'Ed25519'],
])
const secrets = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** The public key of a proof, with its thumbprint. */
export interface ProofKey {
  readonly key: CryptoKey
  /** SHA-256 thumbprint. @see [RFC 7638 §3](https://www.rfc-editor.org/rfc/rfc7638.html#section-3) */
  readonly jkt: string
}

/**
 * Imports the JWK of a proof, or gives `undefined` when it cannot be the public key of such a signature.
 *
 * Only the members that make the key are read: whatever else the client wrote there has no say.
 *
 * @see [RFC 9449 §4.2 - DPoP Proof JWT Syntax](https://www.rfc-editor.org/rfc/rfc9449.html#section-4.2)
 */
export async function importProofKey(value: unknown, algorithm: string): Promise<ProofKey | undefined> {
  const jwk = publicJwk(value)
  if (jwk === undefined || jwk.crv !== curves.get(algorithm)) return undefined
  const { importJWK } = await import('jose/key/import')
  try {
    const key = await importJWK(jwk, algorithm)
    return key instanceof Uint8Array ? undefined : { key, jkt: await jwkThumbprint(jwk) }
  } catch {
    return undefined
  }
}

function publicJwk(value: unknown): JWK | undefined {
  // Whatever is no object has no members.
  const given: Readonly<Record<string, unknown>> = { ...(value as object | null | undefined) }
  const names = members.get(given['kty'])
  if (names === undefined) return undefined
  // RFC 9449 §4.3: a private key in a header was shown to everybody on the way.
  if (secrets.some((name) => name in given)) return undefined
  const entries = names.map((name) => [name, given[name]] as const)
  // Another spelling of the same numbers would be another thumbprint of the same key.
  if (!entries.every(([, member]) => typeof member === 'string' && /^[\w-]+$/.test(member))) return undefined
  const jwk: JWK = Object.fromEntries(entries)
  return jwk.kty !== 'RSA' || hasSoundSize(jwk) ? jwk : undefined
}

// 2,048 to 4,096 bits and an exponent of 32 at most: below it is weak, beyond it a signature costs the server seconds.
function hasSoundSize({ n = '', e = '' }: JWK): boolean {
  return n.length >= 342 && n.length <= 683 && e.length <= 6
}
