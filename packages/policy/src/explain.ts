import { askPolicy, limitToken } from '@gatewright/core'
import type { Decision, Policy, PolicyInput, TokenLimits } from '@gatewright/core'

/** What the policies would do with a request. */
export interface Explanation {
  readonly allowed: boolean
  /** What each policy said, in order; none after a denial is skipped. */
  readonly decisions: readonly Decision[]
  /** What refuses the request: the first denial, or a limit that leaves nothing over, with the reason. */
  readonly decidedBy?: Decision & {
    /** The position of the policy among those that were asked. */
    readonly index: number
  }
  /** What the token would be limited to; without `lifetime`, no policy shortens its life. Absent for a request that is refused, and for calls. */
  readonly left?: Omit<TokenLimits, 'lifetime'> & Partial<TokenLimits>
}

/**
 * Runs policies dry and tells which of them decides, and what their limits leave over. Nothing is minted or called, and no event
 * is sent.
 *
 * The life that the server would give to the token is not known here.
 */
export async function explain<Input extends PolicyInput>(
  policies: readonly Policy<Input>[],
  input: Input,
): Promise<Explanation> {
  const decisions = await Promise.all(policies.map((policy) => askPolicy(policy, input)))
  const isCall = 'mcp' in input.request
  const { scope, audience } = input.request.oauth
  let left: TokenLimits = { scope, audience, lifetime: Infinity }
  for (const [index, decision] of decisions.entries()) {
    if (!decision.allowed) return { allowed: false, decisions, decidedBy: { ...decision, index } }
    try {
      // As the registry does: a limit on a call cannot be kept.
      if (isCall && decision.constrain !== undefined) throw new TypeError('a call cannot be limited')
      left = limitToken(left, decision.constrain)
    } catch (cause) {
      const { rule } = decision
      const refusal = {
        allowed: false,
        internal_message: cause instanceof Error ? cause.message : String(cause),
      }
      return {
        allowed: false,
        decisions,
        decidedBy: { ...refusal, ...(rule !== undefined && { rule }), index },
      }
    }
  }
  const { lifetime, ...reach } = left
  if (isCall) return { allowed: true, decisions }
  return { allowed: true, decisions, left: lifetime === Infinity ? reach : left }
}
