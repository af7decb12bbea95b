import { askPolicy } from '@gatewright/core'
import type { Decision, Policy, PolicyInput } from '@gatewright/core'
import { denied } from './policy.ts'

/**
 * Allows what one of the policies allows; the first that does decides, with its constraints. When none does, the client is told
 * what any of them has for it.
 *
 * @throws {TypeError} when there is no policy
 */
export function anyOf<Input extends PolicyInput>(...policies: readonly Policy<Input>[]): Policy<Input> {
  if (policies.length === 0) throw new TypeError('anyOf needs at least one policy')
  return async (input) => {
    const denials: Decision[] = []
    for (const policy of policies) {
      const decision = await askPolicy(policy, input)
      if (decision.allowed) return decision
      denials.push(decision)
    }
    const reasons = denials.map(({ rule, internal_message: message }) => message ?? rule ?? 'denied')
    const told = new Set(
      denials.map(({ external_message: message }) => message).filter((text) => typeof text === 'string'),
    )
    return {
      ...denied('anyOf', reasons.join('; ')),
      ...(told.size > 0 && { external_message: [...told].join('; ') }),
    }
  }
}
