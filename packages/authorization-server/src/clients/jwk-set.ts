import type { JwkSet } from './client.ts'

const maximumKeys = 20
// Members that only private and symmetric keys have: RFC 7518 §6.2.2, §6.3.2 and §6.4.1.
const secretMembers = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth']

/**
 * Reads a set of public keys, or says what is wrong with it. Unknown key types are kept: another key may be the right one.
 *
 * @see [RFC 7517 §5 - JWK Set Format](https://www.rfc-editor.org/rfc/rfc7517.html#section-5)
 */
export function parseJwkSet(value: unknown): JwkSet | string {
  const keys = isObject(value) ? value['keys'] : undefined
  if (!Array.isArray(keys) || !keys.every(isObject)) return 'must be a JSON Web Key Set'
  if (keys.length === 0 || keys.length > maximumKeys) return `must hold 1 to ${maximumKeys} keys`
  if (keys.some((key) => secretMembers.some((name) => name in key))) return 'must hold public keys only'
  return { keys }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
