import { checkOriginUrl, guardedFetch, OAuthError } from '@gatewright/core'
import type { Runtime } from '@gatewright/core'
import type { JSONWebKeySet, JWTVerifyGetKey, JWTVerifyOptions, JWTVerifyResult } from 'jose'
import { parseJwkSet } from '../clients/jwk-set.ts'

/** Public keys, or where they are. */
export interface KeySource {
  readonly jwks?: { readonly keys: readonly JsonWebKey[] }
  readonly jwks_uri?: string
}

/** Gives the keys of a source, which are fetched with the `fetch` of the runtime. */
export type KeyResolver = (runtime: Runtime) => Promise<JWTVerifyGetKey>

/**
 * Makes the keys of a trusted party ready to use.
 *
 * @param who what errors call the party
 * @throws {TypeError} when there are no keys, keys that are not public, or two places for them
 */
export function keyResolver({ jwks, jwks_uri: url }: KeySource, where: string, who: string): KeyResolver {
  if ((jwks === undefined) === (url === undefined))
    throw new TypeError(`${where}: ${who} needs either jwks or jwks_uri`)
  if (url === undefined) {
    const problem = parseJwkSet(jwks)
    if (typeof problem === 'string') throw new TypeError(`${where}: jwks of ${who} ${problem}`)
    const set = structuredClone(jwks) as JSONWebKeySet
    let local: Promise<JWTVerifyGetKey> | undefined
    return () => (local ??= import('jose/jwks/local').then(({ createLocalJWKSet }) => createLocalJWKSet(set)))
  }
  checkOriginUrl(url, `${where}: jwks_uri`)
  const remote = new WeakMap<Runtime, Promise<JWTVerifyGetKey>>()
  return (runtime) => {
    const known = remote.get(runtime)
    if (known !== undefined) return known
    const keys = openRemote(new URL(url), runtime)
    remote.set(runtime, keys)
    return keys
  }
}

async function openRemote(url: URL, runtime: Runtime): Promise<JWTVerifyGetKey> {
  const { createRemoteJWKSet, customFetch } = await import('jose/jwks/remote')
  const fetcher = guardedFetch({ reach: 'any', fetch: runtime.fetch })
  return createRemoteJWKSet(url, { cooldownDuration: 30_000, [customFetch]: fetcher })
}

/**
 * Verifies a JWT with the keys of a trusted party.
 *
 * @throws {OAuthError} `temporarily_unavailable` when the keys cannot be read; else an error of `jose` with the reason
 */
export async function verifyWith(
  jwt: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  const [{ jwtVerify }, errors] = await Promise.all([import('jose/jwt/verify'), import('jose/errors')])
  return jwtVerify(jwt, keys, options).catch((cause: unknown) => {
    // jose reports a failed fetch by the error of the fetch, or as a timeout.
    if (cause instanceof errors.JOSEError && !(cause instanceof errors.JWKSTimeout)) throw cause
    throw new OAuthError('temporarily_unavailable', 'the keys of the issuer cannot be read', { cause })
  })
}
