import type { Decision, TokenPolicy, TokenPolicyInput } from '@gatewright/core'

/** Allows. */
export const allowed: Decision = Object.freeze({ allowed: true })

/** A decision that denies, with a reason for the operator. */
export function denied(rule: string, message: string): Decision {
  return { allowed: false, rule, internal_message: message }
}

/**
 * Asks a policy, and turns whatever goes wrong into a denial.
 *
 * A policy that throws, or answers with something else than a decision, must not open the door.
 */
export async function ask(policy: TokenPolicy, input: TokenPolicyInput): Promise<Decision> {
  try {
    const decision = await policy(input)
    if (decision?.allowed === true || decision?.allowed === false) return decision
    return denied('malformed', 'the policy returned no decision')
  } catch (cause) {
    return denied('failed', `the policy failed: ${cause instanceof Error ? cause.message : 'unknown cause'}`)
  }
}
