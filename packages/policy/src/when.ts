import type { TokenPolicy, TokenPolicyInput } from '@gatewright/core'
import { allOf } from './all-of.ts'
import { allowed } from './policy.ts'

/** What a request must be like for a rule to apply. Every member that is given must hold; a list holds when one of it does. */
export interface Circumstances {
  readonly client?: string | readonly string[]
  readonly grantType?: string | readonly string[]
  /** A scope that is about to be granted. */
  readonly scope?: string | readonly string[]
  /** A resource that the token will be good for. */
  readonly audience?: string | readonly string[]
}

/**
 * Applies policies only in some circumstances; in all others it allows.
 *
 * @throws {TypeError} when there is no circumstance, which would be a rule for everybody written by mistake, or no policy
 * @example
 * ```ts
 * when({ client: 'claude-public' }, sourceIp(['10.0.0.0/8']))
 * ```
 */
export function when(
  circumstances: Circumstances | ((input: TokenPolicyInput) => boolean),
  ...policies: readonly TokenPolicy[]
): TokenPolicy {
  const applies = typeof circumstances === 'function' ? circumstances : compile(circumstances)
  const policy = allOf(...policies)
  return (input) => (applies(input) ? policy(input) : allowed)
}

function compile(circumstances: Circumstances): (input: TokenPolicyInput) => boolean {
  const known = ['client', 'grantType', 'scope', 'audience'] as const
  const given = known.filter((name) => circumstances[name] !== undefined)
  const unknown = Object.keys(circumstances).find((name) => !known.some((each) => each === name))
  // A misspelt member would silently widen or narrow the rule.
  if (unknown !== undefined) throw new TypeError(`when: "${unknown}" is not one of ${known.join(', ')}`)
  if (given.length === 0) throw new TypeError('when: name at least one circumstance')
  return ({ request: { oauth } }) => {
    const actual = {
      client: [oauth.client_id],
      grantType: [oauth.grant_type],
      scope: oauth.scope,
      audience: oauth.audience,
    }
    return given.every((name) => {
      const wanted = circumstances[name]
      return actual[name].some((value) =>
        typeof wanted === 'string' ? wanted === value : wanted?.includes(value),
      )
    })
  }
}
