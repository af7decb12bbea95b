import { checkOriginUrl, type Runtime } from '@gatewright/core'
import { discoverKeys } from './discover-keys.ts'
import { fixedKeySet, loadedKeySet, type KeySet } from './key-set.ts'
import type { TrustedAuthorizationServer } from './options.ts'
import { checkProfile, type CheckedProfile } from './token-profile.ts'
import { keyProblem, usableKeys } from './usable-keys.ts'

/** What is known of one authorization server. Nothing of it is ever used for the tokens of another. */
export interface TrustedIssuer {
  readonly keySet: KeySet
  readonly profile: CheckedProfile
}

/**
 * The keys and the tokens' form of each authorization server that is trusted, by issuer.
 *
 * @throws {TypeError} when an issuer is no https URL, appears twice, or its given keys or form of tokens cannot be used
 */
export function trustedIssuers(
  servers: readonly TrustedAuthorizationServer[],
  ages: { readonly maxAge: number; readonly maxStale: number },
  runtime: Runtime,
): ReadonlyMap<string, TrustedIssuer> {
  const issuers = new Map<string, TrustedIssuer>()
  for (const { issuer, jwks, tokens } of servers) {
    checkOriginUrl(issuer, 'issuer')
    if (issuers.has(issuer)) throw new TypeError(`the issuer "${issuer}" is given twice`)
    const timing = { ...ages, cooldown: 30, retry: 5, now: () => runtime.now() }
    const keySet =
      typeof jwks === 'object'
        ? fixedKeySet(checkedKeys(jwks))
        : loadedKeySet(jwks ?? (() => discoverKeys(issuer, runtime.fetch)), timing)
    issuers.set(issuer, { keySet, profile: checkProfile(tokens) })
  }
  return issuers
}

/** Keys that the operator wrote down are all meant: one that cannot be used is a mistake, not something to skip. */
function checkedKeys(jwks: unknown) {
  const { keys } = jwks as { keys?: unknown }
  if (Array.isArray(keys))
    for (const [index, key] of keys.entries()) {
      const problem = keyProblem((key ?? {}) as Readonly<Record<string, unknown>>)
      if (problem !== undefined) throw new TypeError(`key ${index} of jwks ${problem}`)
    }
  try {
    return usableKeys(jwks)
  } catch (cause) {
    throw new TypeError(`jwks cannot be used: ${String(cause)}`, { cause })
  }
}
