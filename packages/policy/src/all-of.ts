import { askPolicy, limitToken } from '@gatewright/core'
import type { Decision, Policy, PolicyInput, TokenLimits } from '@gatewright/core'
import { denied } from './policy.ts'

/**
 * Allows what every policy allows. The first denial counts; what the policies constrain adds up, and the one that leaves nothing
 * over denies.
 *
 * @throws {TypeError} when there is no policy
 */
export function allOf<Input extends PolicyInput>(...policies: readonly Policy<Input>[]): Policy<Input> {
  if (policies.length === 0) throw new TypeError('allOf needs at least one policy')
  return async (input) => {
    const { scope, audience } = input.request.oauth
    let left: TokenLimits = { scope, audience, lifetime: Infinity }
    let constrain: Decision['constrain']
    for (const policy of policies) {
      const decision = await askPolicy(policy, input)
      if (!decision.allowed) return decision
      try {
        left = limitToken(left, decision.constrain)
      } catch (cause) {
        return denied(decision.rule ?? 'allOf', cause instanceof Error ? cause.message : String(cause))
      }
      constrain = narrow(constrain, decision.constrain)
    }
    return constrain === undefined ? { allowed: true } : { allowed: true, constrain }
  }
}

function narrow(left: Decision['constrain'], right: Decision['constrain']): Decision['constrain'] {
  if (left === undefined || right === undefined) return left ?? right
  const both = (a: readonly string[] | undefined, b: readonly string[] | undefined) =>
    a === undefined || b === undefined ? (a ?? b) : a.filter((name) => b.includes(name))
  const scope = both(left.scope, right.scope)
  const audience = both(left.audience, right.audience)
  const lifetimes = [left.lifetime, right.lifetime].filter((value) => value !== undefined)
  return {
    ...(scope === undefined ? {} : { scope }),
    ...(audience === undefined ? {} : { audience }),
    ...(lifetimes.length === 0 ? {} : { lifetime: Math.min(...lifetimes) }),
  }
}
