import { checkOriginUrl, guardedFetch } from '@gatewright/core'
import type { Runtime } from '@gatewright/core'
import { createLocalJWKSet, createRemoteJWKSet, customFetch } from 'jose'
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose'

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
  keys(runtime: Runtime): JWTVerifyGetKey
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
    const { issuer, jwks, jwks_uri, subject, algorithms = asymmetric } = given
    checkOriginUrl(issuer, `${where}: issuer`)
    if (opened.has(issuer)) throw new TypeError(`${where}: the issuer "${issuer}" is named twice`)
    if ((jwks === undefined) === (jwks_uri === undefined))
      throw new TypeError(`${where}: the issuer "${issuer}" needs either jwks or jwks_uri`)
    if (jwks_uri !== undefined) checkOriginUrl(jwks_uri, `${where}: jwks_uri`)
    if (typeof subject !== 'function')
      throw new TypeError(`${where}: the issuer "${issuer}" needs subject: which of your users it speaks of`)
    const unknown = algorithms.find((name) => !asymmetric.includes(name))
    // With a symmetric algorithm, whoever knows the public key could sign.
    if (unknown !== undefined) throw new TypeError(`${where}: the algorithm "${unknown}" is not accepted`)
    opened.set(issuer, { ...given, algorithms, keys: keysOf(given) })
  }
  return opened
}

function keysOf({ jwks, jwks_uri: url }: TrustedIssuer): OpenIssuer['keys'] {
  if (url === undefined) {
    const local = createLocalJWKSet(structuredClone(jwks) as JSONWebKeySet)
    return () => local
  }
  const remote = new WeakMap<Runtime, JWTVerifyGetKey>()
  return (runtime) => {
    const known = remote.get(runtime)
    if (known !== undefined) return known
    const fetcher = guardedFetch({ reach: 'any', fetch: runtime.fetch })
    const keys = createRemoteJWKSet(new URL(url), { cooldownDuration: 30_000, [customFetch]: fetcher })
    remote.set(runtime, keys)
    return keys
  }
}
