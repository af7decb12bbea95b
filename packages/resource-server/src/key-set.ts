import { OAuthError } from '@gatewright/core'
import { createLocalJWKSet, type JSONWebKeySet as JoseKeySet, type JWTVerifyGetKey } from 'jose'
import { usableKeys } from './usable-keys.ts'

/**
 * Public keys that verify signatures.
 *
 * @see [RFC 7517 §5 - JWK Set Format](https://www.rfc-editor.org/rfc/rfc7517.html#section-5)
 */
export interface JsonWebKeySet {
  readonly keys: readonly JsonWebKey[]
}

/** One state of a key set. A change of the keys makes another object, so that identity tells whether they changed. */
export interface Keys {
  readonly resolve: JWTVerifyGetKey
}

/** The keys of one issuer. */
export interface KeySet {
  /** The keys as far as known, at once; loads them when they are too old. */
  current(): Promise<Keys> | Keys
  /** The keys after a token named one that is not there; loads them at most once per cool-down. */
  refreshed(): Promise<Keys>
}

/** Seconds, and the clock. */
export interface KeySetTiming {
  readonly maxAge: number
  readonly maxStale: number
  readonly cooldown: number
  readonly retry: number
  now(): number
}

/** Keys that never change. */
export function fixedKeySet(keys: JsonWebKeySet): KeySet {
  const fixed = toKeys(keys)
  return { current: () => fixed, refreshed: async () => fixed }
}

/**
 * Keys that are loaded when needed: one load at a time, the last good set kept when a load fails.
 *
 * Both methods throw or reject with `OAuthError('temporarily_unavailable')` when there is nothing to decide with.
 */
export function loadedKeySet(load: () => Promise<unknown>, timing: KeySetTiming): KeySet {
  let keys: Keys | undefined
  let text = ''
  let goodAt = -Infinity
  let triedAt = -Infinity
  let failure: unknown
  let pending: Promise<void> | undefined
  let missedAt = -Infinity

  const elapsed = (since: number) => (timing.now() - since) / 1000
  const attempt = async () => {
    triedAt = timing.now()
    try {
      const loaded = usableKeys(await load())
      const next = JSON.stringify(loaded)
      if (next !== text || keys === undefined) keys = toKeys(loaded)
      text = next
      goodAt = timing.now()
      failure = undefined
    } catch (cause) {
      failure = cause
    }
  }
  const reload = () => (pending ??= attempt().finally(() => (pending = undefined)))
  const known = (): Keys => {
    if (keys !== undefined && elapsed(goodAt) <= timing.maxStale) return keys
    throw unavailable(failure)
  }
  return {
    current() {
      const stale = elapsed(goodAt) > timing.maxAge
      // While loading fails, requests must not each wait for an attempt of their own.
      if (stale && (pending !== undefined || failure === undefined || elapsed(triedAt) > timing.retry))
        return reload().then(known)
      return known()
    },
    async refreshed() {
      // Tokens with invented key ids must not turn into requests to the issuer.
      if (pending !== undefined || elapsed(missedAt) > timing.cooldown) {
        missedAt = timing.now()
        await reload()
      }
      // Without a fresh set nobody can tell a new key from an invented one.
      if (failure !== undefined) throw unavailable(failure)
      return known()
    },
  }
}

function toKeys(set: JsonWebKeySet): Keys {
  return { resolve: createLocalJWKSet(set as JoseKeySet) }
}

function unavailable(cause: unknown): OAuthError {
  return new OAuthError('temporarily_unavailable', 'the keys of the authorization server cannot be read', {
    cause,
    headers: { 'retry-after': '5' },
  })
}
