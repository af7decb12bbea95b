import { encodeBase64url, sha256 } from '#platform'

/** What makes a public key what it is, in the order that the digest wants. */
const members: ReadonlyMap<string, readonly string[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
])

/**
 * The thumbprint of a public key, or of the public half of a private one.
 *
 * @throws {TypeError} for a key that is of no known type or lacks a member
 * @see [RFC 7638 §3 - JSON Web Key (JWK) Thumbprint](https://www.rfc-editor.org/rfc/rfc7638.html#section-3)
 */
export async function jwkThumbprint(jwk: JsonWebKey): Promise<string> {
  const named = members.get(jwk.kty ?? '') ?? []
  const values = named.map((name) => [name, (jwk as Readonly<Record<string, unknown>>)[name]])
  if (named.length === 0 || values.some(([, value]) => typeof value !== 'string' || value === ''))
    throw new TypeError(
      `a key of type ${jwk.kty} has no thumbprint: its type is unknown or a member is missing`,
    )
  return encodeBase64url(await sha256(JSON.stringify(Object.fromEntries(values))))
}
