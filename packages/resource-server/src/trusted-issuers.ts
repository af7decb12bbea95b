import { checkOriginUrl, type Runtime } from '@gatewright/core'
import { discoverKeys } from './discover-keys.ts'
import { fixedKeySet, loadedKeySet, type KeySet } from './key-set.ts'
import type { TrustedAuthorizationServer } from './options.ts'
import { keyProblem, usableKeys } from './usable-keys.ts'

/**
 * The keys of each authorization server that is trusted, by issuer.
 *
 * @throws {TypeError} when an issuer is no https URL, appears twice, or its given keys cannot verify tokens
 */
export function trustedIssuers(
  servers: readonly TrustedAuthorizationServer[],
  ages: { readonly maxAge: number; readonly maxStale: number },
  runtime: Runtime,
): ReadonlyMap<string, KeySet> {
  const issuers = new Map<string, KeySet>()
  for (const { issuer, jwks } of servers) {
    checkOriginUrl(issuer, 'issuer')
    if (issuers.has(issuer)) throw new TypeError(`the issuer "${issuer}" is given twice`)
    const timing = { ...ages, cooldown: 30, retry: 5, now: () => runtime.now() }
    if (typeof jwks === 'object') issuers.set(issuer, fixedKeySet(checkedKeys(jwks)))
    else issuers.set(issuer, loadedKeySet(jwks ?? (() => discoverKeys(issuer, runtime.fetch)), timing))
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
