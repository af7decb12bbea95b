import { digestBase64url } from '#platform'

/**
 * Calculates the S256 code challenge of a code verifier. Does not check the form of the verifier.
 *
 * @example
 * ```ts
 * const verifier = createCodeVerifier()
 * const url = new URL('https://auth.example.com/authorize')
 * url.searchParams.set('code_challenge', await calculateCodeChallenge(verifier))
 * url.searchParams.set('code_challenge_method', 'S256')
 * ```
 * @see [RFC 7636 §4.2 - Client Creates the Code Challenge](https://www.rfc-editor.org/rfc/rfc7636.html#section-4.2)
 */
export async function calculateCodeChallenge(verifier: string): Promise<string> {
  return digestBase64url(verifier)
}

/**
 * Whether a text has the form of an S256 code challenge: exactly 43 base64url characters.
 *
 * RFC 7636 §4.2 allows up to 128 characters, but SHA-256 never gives more or fewer than 43; anything else is a
 * challenge that no verifier could meet.
 *
 * @see [RFC 7636 §4.2 - Client Creates the Code Challenge](https://www.rfc-editor.org/rfc/rfc7636.html#section-4.2)
 */
export function isCodeChallenge(value: string): boolean {
  return /^[\w-]{43}$/.test(value)
}
