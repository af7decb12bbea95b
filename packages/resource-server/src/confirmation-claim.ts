import type { Confirmation } from '@gatewright/core'

/**
 * Reads the `cnf` claim, or gives `undefined` when it demands something that cannot be checked here.
 *
 * @see [RFC 7800 §3.1 - Confirmation Claim](https://www.rfc-editor.org/rfc/rfc7800.html#section-3.1)
 */
export function parseConfirmation(value: unknown): Confirmation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const entries = Object.entries(value)
  // A demand that is passed over would turn a bound token into a bearer token.
  const known = entries.every(
    ([name, thumbprint]) => (name === 'jkt' || name === 'x5t#S256') && /^[\w-]{43}$/.test(String(thumbprint)),
  )
  return known && entries.length > 0 ? Object.freeze(Object.fromEntries(entries)) : undefined
}
