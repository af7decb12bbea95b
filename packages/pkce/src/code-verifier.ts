import { base64url } from '#platform'

const verifierBytes = 32

/**
 * Creates a code verifier: 43 characters from 32 random bytes.
 *
 * Pass `randomBytes` where a test or a runtime brings its own source; by default it is the Web Crypto one. Does
 * not judge how random that source is.
 *
 * @throws TypeError when `randomBytes` returns another number of bytes than it was asked for
 * @see [RFC 7636 §4.1 - Client Creates a Code Verifier](https://www.rfc-editor.org/rfc/rfc7636.html#section-4.1)
 */
export function createCodeVerifier(
  randomBytes: (size: number) => Uint8Array = (size) => crypto.getRandomValues(new Uint8Array(size)),
): string {
  const bytes = randomBytes(verifierBytes)
  // A short read would make a verifier that can be guessed, and nobody would notice.
  if (bytes.length !== verifierBytes)
    throw new TypeError('randomBytes must return as many bytes as asked for')
  return base64url(bytes)
}

/**
 * Whether a text has the form of a code verifier: 43 to 128 unreserved characters.
 *
 * @see [RFC 7636 §4.1 - Client Creates a Code Verifier](https://www.rfc-editor.org/rfc/rfc7636.html#section-4.1)
 */
export function isCodeVerifier(value: string): boolean {
  return /^[\w.~-]{43,128}$/.test(value)
}
