import { Rejection } from './rejection.ts'

/** Claims of ID tokens (OpenID Connect Core 1.0 §3.3.2.11), of logout tokens, and of other security events. */
const foreign = ['at_hash', 'c_hash', 's_hash', 'events']
/** Claims by which servers tell their kinds of tokens apart, and what they call access tokens. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  typ: ['Bearer', 'DPoP'],
  tokenType: ['access-token'],
}

/**
 * Refuses a token that its header calls a JWT and nothing more, when its claims show that it is no access token.
 *
 * @throws {Rejection} for what looks like an ID token, a refresh token or a logout token
 * @see [RFC 8725 §2.8 - Cross-JWT Confusion](https://www.rfc-editor.org/rfc/rfc8725.html#section-2.8)
 */
export function checkKind(claims: Readonly<Record<string, unknown>>): void {
  const said = Object.entries(kinds).filter(([name]) => claims[name] !== undefined)
  for (const [name, names] of said) if (!names.includes(claims[name] as string)) throw notAnAccessToken()
  if (foreign.some((name) => name in claims)) throw notAnAccessToken()
  // Some servers put it into access tokens as well, and say there which of the two it is.
  if ('nonce' in claims && said.length === 0) throw notAnAccessToken()
}

function notAnAccessToken(): Rejection {
  return new Rejection('typ', 'this is no access token')
}
