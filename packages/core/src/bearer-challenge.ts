import { asciiDescription } from './oauth-error.ts'

/** The parameters of a `Bearer` challenge; those that are `undefined` are left out. */
export interface ChallengeParameters {
  readonly realm?: string | undefined
  readonly error?: string | undefined
  readonly error_description?: string | undefined
  readonly scope?: string | undefined
  readonly resource_metadata?: string | undefined
}

/**
 * Writes a `WWW-Authenticate: Bearer` challenge whose values cannot break out of their quotes.
 *
 * @see [RFC 6750 §3 - The WWW-Authenticate Response Header Field](https://www.rfc-editor.org/rfc/rfc6750.html#section-3)
 * @see [RFC 9728 §5.1 - WWW-Authenticate Response](https://www.rfc-editor.org/rfc/rfc9728.html#section-5.1)
 */
export function bearerChallenge(parameters: ChallengeParameters): string {
  const written = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${asciiDescription(String(value))}"`)
  return written.length === 0 ? 'Bearer' : `Bearer ${written.join(', ')}`
}
