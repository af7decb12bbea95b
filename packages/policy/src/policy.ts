import type { Decision } from '@gatewright/core'

/** Allows. */
export const allowed: Decision = Object.freeze({ allowed: true })

/** A decision that denies, with a reason for the operator. */
export function denied(rule: string, message: string): Decision {
  return { allowed: false, rule, internal_message: message }
}
