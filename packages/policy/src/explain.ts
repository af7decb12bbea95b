import type { Decision, TokenPolicy, TokenPolicyInput } from '@gatewright/core'
import { ask } from './policy.ts'

/** What the policies would do with a request. */
export interface Explanation {
  readonly allowed: boolean
  /** What each policy said, in order; none after it is skipped. */
  readonly decisions: readonly Decision[]
  /** The first denial. */
  readonly decidedBy?: Decision
}

/** Runs policies dry and tells which of them decides. Nothing is minted, and no event is sent. */
export async function explain(
  policies: readonly TokenPolicy[],
  input: TokenPolicyInput,
): Promise<Explanation> {
  const decisions = await Promise.all(policies.map((policy) => ask(policy, input)))
  const denial = decisions.find((decision) => !decision.allowed)
  return { allowed: denial === undefined, decisions, ...(denial === undefined ? {} : { decidedBy: denial }) }
}
