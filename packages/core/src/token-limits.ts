import type { Decision } from './policy.ts'

/** How far a token reaches that is about to be minted. */
export interface TokenLimits {
  readonly scope: readonly string[]
  readonly audience: readonly string[]
  /** Seconds. */
  readonly lifetime: number
}

/**
 * Narrows what is about to be minted by what a policy says; nothing it says can widen it.
 *
 * @throws {TypeError} when nothing would be left, and for a limit that cannot be understood: that is no reason to go without one
 */
export function limitToken(token: TokenLimits, constrain: Decision['constrain']): TokenLimits {
  // A policy of another program may answer null.
  const { scope, audience, lifetime = token.lifetime } = constrain ?? {}
  if (typeof lifetime !== 'number' || !(lifetime >= 1))
    throw new TypeError(`the policy limits the lifetime to ${String(lifetime)} seconds`)
  return {
    scope: intersect('scope', token.scope, scope),
    audience: intersect('audience', token.audience, audience),
    lifetime: Math.min(token.lifetime, lifetime),
  }
}

function intersect(
  name: string,
  current: readonly string[],
  limit: readonly string[] | undefined,
): readonly string[] {
  if (limit === undefined) return current
  if (!Array.isArray(limit))
    throw new TypeError(`the policy limits the ${name} by something else than an array`)
  const left = current.filter((value) => limit.includes(value))
  if (left.length > 0) return left
  const permitted = limit.length === 0 ? 'nothing' : limit.join(' ')
  throw new TypeError(`the policy leaves no ${name} of ${current.join(' ')}: it permits ${permitted}`)
}
