import type { Act } from '@gatewright/core'

const maximumDepth = 10

/**
 * Reads the `act` claim, or gives `undefined` when it is not a chain of at most ten actors.
 *
 * @see [RFC 8693 §4.1 - "act" (Actor) Claim](https://www.rfc-editor.org/rfc/rfc8693.html#section-4.1)
 */
export function parseAct(value: unknown, depth = 1): Act | undefined {
  if (typeof value !== 'object' || value === null || depth > maximumDepth) return undefined
  const { sub, act } = value as { sub?: unknown; act?: unknown }
  if (typeof sub !== 'string' || sub === '') return undefined
  if (act === undefined) return { sub }
  const earlier = parseAct(act, depth + 1)
  return earlier && { sub, act: earlier }
}
