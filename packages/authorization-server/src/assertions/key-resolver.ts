import { checkOriginUrl, guardedFetch, OAuthError } from '@gatewright/core'
import type { Runtime } from '@gatewright/core'
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose'
import type { JSONWebKeySet, JWTVerifyGetKey, JWTVerifyOptions, JWTVerifyResult } from 'jose'

/** Public keys, or where they are. */
export interface KeySource {
  readonly jwks?: { readonly keys: readonly JsonWebKey[] }
  readonly jwks_uri?: string
}

/** Gives the keys of a source, which are fetched with the `fetch` of the runtime. */
export type KeyResolver = (runtime: Runtime) => JWTVerifyGetKey

/**
 * Makes the keys of a trusted party ready to use.
 *
 * @param who what errors call the party
 * @throws {TypeError} when there are no keys, or two places for them
 */
export function keyResolver({ jwks, jwks_uri: url }: KeySource, where: string, who: string): KeyResolver {
  if ((jwks === undefined) === (url === undefined))
    throw new TypeError(`${where}: ${who} needs either jwks or jwks_uri`)
  if (url === undefined) {
    const local = createLocalJWKSet(structuredClone(jwks) as JSONWebKeySet)
    return () => local
  }
  checkOriginUrl(url, `${where}: jwks_uri`)
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

/**
 * Verifies a JWT with the keys of a trusted party.
 *
 * @throws {OAuthError} `temporarily_unavailable` when the keys cannot be read; else an error of `jose` with the reason
 */
export function verifyWith(
  jwt: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  return jwtVerify(jwt, keys, options).catch((cause: unknown) => {
    // jose reports a failed fetch by the error of the fetch, or as a timeout.
    if (cause instanceof errors.JOSEError && !(cause instanceof errors.JWKSTimeout)) throw cause
    throw new OAuthError('temporarily_unavailable', 'the keys of the issuer cannot be read', { cause })
  })
}
