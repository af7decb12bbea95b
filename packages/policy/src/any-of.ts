import type { Decision, TokenPolicy } from '@gatewright/core'
import { ask, denied } from './policy.ts'

/**
 * Allows what one of the policies allows; the first that does decides, with its constraints.
 *
 * @throws {TypeError} when there is no policy
 */
export function anyOf(...policies: readonly TokenPolicy[]): TokenPolicy {
  if (policies.length === 0) throw new TypeError('anyOf needs at least one policy')
  return async (input) => {
    const denials: Decision[] = []
    for (const policy of policies) {
      const decision = await ask(policy, input)
      if (decision.allowed) return decision
      denials.push(decision)
    }
    const reasons = denials.map(({ rule, internal_message: message }) => message ?? rule ?? 'denied')
    return denied('anyOf', reasons.join('; '))
  }
}
