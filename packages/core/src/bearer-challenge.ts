import { asciiDescription } from './oauth-error.ts'
import { quotableAscii } from './quotable-ascii.ts'

/** The parameters of a challenge; those that are `undefined` are left out. */
export interface ChallengeParameters {
  readonly realm?: string | undefined
  readonly error?: string | undefined
  readonly error_description?: string | undefined
  readonly scope?: string | undefined
  readonly resource_metadata?: string | undefined
  /** The algorithms of proofs, separated by spaces; for the scheme `DPoP`. */
  readonly algs?: string | undefined
}

/**
 * Writes a `WWW-Authenticate: Bearer` challenge whose values cannot break out of their quotes.
 *
 * @see [RFC 6750 §3 - The WWW-Authenticate Response Header Field](https://www.rfc-editor.org/rfc/rfc6750.html#section-3)
 * @see [RFC 9728 §5.1 - WWW-Authenticate Response](https://www.rfc-editor.org/rfc/rfc9728.html#section-5.1)
 */
export function bearerChallenge(parameters: ChallengeParameters): string {
  return challenge('Bearer', parameters)
}

/**
 * Writes a `WWW-Authenticate: DPoP` challenge in the same way.
 *
 * @see [RFC 9449 §7.1 - The DPoP Authentication Scheme](https://www.rfc-editor.org/rfc/rfc9449.html#section-7.1)
 */
export function dpopChallenge(parameters: ChallengeParameters): string {
  return challenge('DPoP', parameters)
}

function challenge(scheme: string, parameters: ChallengeParameters): string {
  const entries: [string, string | undefined][] = Object.entries(parameters)
  const written = entries.flatMap(([name, value]) => {
    if (value === undefined) return []
    // A client acts on every value but the description, so no other is cut.
    const text = name === 'error_description' ? asciiDescription(value) : quotableAscii(value)
    return [`${name}="${text}"`]
  })
  return written.length === 0 ? scheme : `${scheme} ${written.join(', ')}`
}
