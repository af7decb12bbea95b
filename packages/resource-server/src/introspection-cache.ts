import { sha256Base64url } from '@gatewright/core'
import { createBoundedCache } from './bounded-cache.ts'

/** The claims of an active token, or `undefined` for any other. */
type Answer = Readonly<Record<string, unknown>> | undefined

/**
 * Asks once for all who want to know about a token at one time, and remembers for some seconds that it is good.
 *
 * That a token is not good is never remembered: nothing is gained for the attacker, and a token that was asked about too early
 * would stay refused.
 *
 * @see [RFC 7662 §4 - Security Considerations](https://www.rfc-editor.org/rfc/rfc7662.html#section-4)
 */
export function createIntrospectionCache(options: {
  readonly seconds: number
  readonly size: number
  readonly now: () => number
}): (token: string, ask: () => Promise<Answer>) => Promise<Answer> {
  const { seconds, size, now } = options
  const known = createBoundedCache<{ claims: Answer; until: number }>(seconds === 0 ? 0 : size)
  const asking = new Map<string, Promise<Answer>>()

  async function asked(id: string, ask: () => Promise<Answer>): Promise<Answer> {
    // What is revoked while the answer travels was good when it left, so its age counts from the question.
    const since = now()
    const claims = await ask()
    const { exp } = claims ?? {}
    if (typeof exp === 'number')
      known.set(id, { claims, until: Math.min(since + seconds * 1000, exp * 1000) })
    return claims
  }

  return async (token, ask) => {
    const id = await sha256Base64url(token)
    const kept = known.get(id)
    if (kept !== undefined && now() < kept.until) return kept.claims
    known.delete(id)
    const pending = asking.get(id) ?? asked(id, ask).finally(() => asking.delete(id))
    asking.set(id, pending)
    return pending
  }
}
