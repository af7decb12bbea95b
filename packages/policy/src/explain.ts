import { askPolicy } from '@gatewright/core'
import type { Decision, Policy, PolicyInput } from '@gatewright/core'

/** What the policies would do with a request. */
export interface Explanation {
  readonly allowed: boolean
  /** What each policy said, in order; none after it is skipped. */
  readonly decisions: readonly Decision[]
  /** The first denial. */
  readonly decidedBy?: Decision
}

/** Runs policies dry and tells which of them decides. Nothing is minted or called, and no event is sent. */
export async function explain<Input extends PolicyInput>(
  policies: readonly Policy<Input>[],
  input: Input,
): Promise<Explanation> {
  const decisions = await Promise.all(policies.map((policy) => askPolicy(policy, input)))
  const denial = decisions.find((decision) => !decision.allowed)
  return { allowed: denial === undefined, decisions, ...(denial === undefined ? {} : { decidedBy: denial }) }
}
