import { calculateCodeChallenge, isCodeChallenge } from './code-challenge.ts'
import { isCodeVerifier } from './code-verifier.ts'
import { equalInConstantTime } from './equal-in-constant-time.ts'

/**
 * Verifies a code verifier against the challenge that was stored with the authorization code.
 *
 * Only S256 exists here: a challenge that equals its verifier (`plain`) does not verify. A malformed verifier or
 * challenge gives `false`. Does not count failed attempts and does not know whether a challenge was required.
 *
 * @example
 * ```ts
 * await verifyCodeChallenge(
 *   'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
 *   'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
 * ) // true
 * ```
 * @see [RFC 7636 §4.6 - Server Verifies code_verifier before Returning the Tokens](https://www.rfc-editor.org/rfc/rfc7636.html#section-4.6)
 */
export async function verifyCodeChallenge(verifier: string, challenge: string): Promise<boolean> {
  // A verifier outside the grammar is refused before it is hashed, so its length costs nothing.
  if (!isCodeVerifier(verifier) || !isCodeChallenge(challenge)) return false
  const encoder = new TextEncoder()
  const expected = encoder.encode(await calculateCodeChallenge(verifier))
  return equalInConstantTime(expected, encoder.encode(challenge))
}
