import { OAuthError } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import type { Counter } from '@gatewright/storage'
import { addressBucket } from './address-bucket.ts'

/** How often something may happen. */
export interface RateLimit {
  readonly requests: number
  /** The length of the window, which begins with the first request. */
  readonly seconds: number
}

/** What is limited. `false` is no limit. */
export interface RateLimits {
  /** Registrations, and requests to manage one, from one address. @default { requests: 60, seconds: 3600 } */
  readonly registration?: RateLimit | false
  /** Submitted passwords from one address (forms with the field `password`); five times as many for one user name. @default { requests: 60, seconds: 300 } */
  readonly login?: RateLimit | false
  /** Authorization requests from one address, pushed and of devices too, since each waits in the storage for its user. It costs a round trip. @default false */
  readonly authorization?: RateLimit | false
  /** Backchannel authentication requests for one user, whoever asks: each rings at a device of theirs. @default { requests: 10, seconds: 300 } */
  readonly backchannel?: RateLimit | false
  /** Tokens that one client asks about and that are none of this server. @default { requests: 1000, seconds: 60 } */
  readonly introspection?: RateLimit | false
  /** Token requests from one address. It costs a round trip to the storage. @default false */
  readonly token?: RateLimit | false
}

/** The limits with every default filled in. */
export type ResolvedRateLimits = Required<RateLimits>

const defaults: ResolvedRateLimits = {
  registration: { requests: 60, seconds: 3600 },
  login: { requests: 60, seconds: 300 },
  authorization: false,
  backchannel: { requests: 10, seconds: 300 },
  introspection: { requests: 1000, seconds: 60 },
  token: false,
}

/**
 * Fills in the limits.
 *
 * @throws {TypeError} when a name is not one of {@link RateLimits}, or a number is none
 */
export function resolveRateLimits(given: RateLimits | false = {}): ResolvedRateLimits {
  if (given === false)
    return {
      registration: false,
      login: false,
      authorization: false,
      backchannel: false,
      introspection: false,
      token: false,
    }
  for (const [name, limit] of Object.entries(given)) {
    // A misspelt name would leave what was meant without a limit.
    if (!(name in defaults))
      throw new TypeError(`rateLimits.${name} is not one of ${Object.keys(defaults).join(', ')}`)
    if (limit === false || limit === undefined) continue
    const { requests, seconds } = limit as RateLimit
    if (!Number.isSafeInteger(requests) || requests < 1 || !(seconds >= 1 && seconds <= 86_400))
      throw new TypeError(`rateLimits.${name} needs requests of at least 1 in 1 to 86400 seconds`)
  }
  const named = Object.entries(given).filter(([, limit]) => limit !== undefined)
  return { ...defaults, ...Object.fromEntries(named) }
}

/**
 * Counts one request of somebody, exactly, across the processes that share the storage: of a name, or of the address of a connection.
 *
 * Throws an `OAuthError` with `too_many_requests` (429) and `Retry-After` when there were too many.
 *
 * @see [RFC 6585 §4 - 429 Too Many Requests](https://www.rfc-editor.org/rfc/rfc6585.html#section-4)
 */
export type LimitRate = (
  name: keyof RateLimits,
  who: string | Pick<RequestContext, 'ip'>,
  factor?: number,
) => Promise<void>

/** Creates the function that counts. */
export function createLimitRate(limits: ResolvedRateLimits, counter: Counter, now: () => number): LimitRate {
  return async (name, who, factor = 1) => {
    const limit = limits[name]
    if (limit === false) return
    const instant = now()
    const counted = typeof who === 'string' ? who : addressBucket(who.ip)
    const { allowed, resetAt } = await counter.hit(`${name}:${counted}`, {
      window: limit.seconds,
      limit: limit.requests * factor,
      now: instant,
    })
    if (allowed) return
    const wait = Math.max(1, Math.ceil((resetAt - instant) / 1000))
    throw new OAuthError('too_many_requests', `too many requests; wait ${wait} seconds`, {
      status: 429,
      headers: { 'retry-after': `${wait}` },
    })
  }
}
