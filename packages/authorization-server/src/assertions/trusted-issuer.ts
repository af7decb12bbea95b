import { checkOriginUrl } from '@gatewright/core'
import type { JWTPayload } from 'jose'
import { keyResolver } from './key-resolver.ts'
import type { KeyResolver } from './key-resolver.ts'

/** Another issuer whose signed statements about users count here. */
export interface TrustedIssuer {
  /** Compared with `iss` as a string. An https URL, or http on loopback. */
  readonly issuer: string
  /** Its public keys, or `jwks_uri`. */
  readonly jwks?: { readonly keys: readonly JsonWebKey[] }
  /** Where its public keys are; asked again when an unknown key id appears, at most every 30 seconds. */
  readonly jwks_uri?: string
  /** Which of your users the claims are about; `undefined` for none. An issuer says `sub` of its own users, not of yours. */
  readonly subject: (claims: JWTPayload) => string | undefined | Promise<string | undefined>
  /**
   * Id of the provider for whose logins it speaks, as in the option `providers` of a client. Without it, a client that has that
   * option gets no token for a statement of this issuer.
   */
  readonly provider?: string
  /** JWS algorithms. @default ['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] */
  readonly algorithms?: readonly string[]
}

/** A trusted issuer whose keys are ready to use. */
export interface OpenIssuer extends TrustedIssuer {
  readonly algorithms: readonly string[]
  readonly keys: KeyResolver
}

const asymmetric = ['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'Ed25519']

/**
 * Checks trusted issuers and indexes them by name.
 *
 * @throws {TypeError} when an issuer appears twice, has no keys or two places for them, or names a symmetric algorithm
 */
export function openIssuers(
  issuers: readonly TrustedIssuer[],
  where: string,
): ReadonlyMap<string, OpenIssuer> {
  const opened = new Map<string, OpenIssuer>()
  if (issuers.length === 0) throw new TypeError(`${where}: name at least one issuer`)
  for (const given of issuers) {
    const { issuer, subject, algorithms = asymmetric } = given
    checkOriginUrl(issuer, `${where}: issuer`)
    if (opened.has(issuer)) throw new TypeError(`${where}: the issuer "${issuer}" is named twice`)
    const keys = keyResolver(given, where, `the issuer "${issuer}"`)
    if (typeof subject !== 'function')
      throw new TypeError(`${where}: the issuer "${issuer}" needs subject: which of your users it speaks of`)
    const unknown = algorithms.find((name) => !asymmetric.includes(name))
    // With a symmetric algorithm, whoever knows the public key could sign.
    if (unknown !== undefined) throw new TypeError(`${where}: the algorithm "${unknown}" is not accepted`)
    opened.set(issuer, { ...given, algorithms, keys })
  }
  return opened
}
