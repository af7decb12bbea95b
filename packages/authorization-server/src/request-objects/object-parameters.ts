import type { JWTPayload } from 'jose'
import { requestParameters } from '../requests/request-parameters.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'

// What the JWT says of itself, and what authenticates a client: none of it is a parameter of the request.
const others = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
])

/**
 * The authorization request that a request object contains.
 *
 * @returns the parameters, or what is wrong with them
 * @throws {OAuthError} `invalid_request` when there are over 100
 * @see [RFC 9101 §4 - Request Object](https://www.rfc-editor.org/rfc/rfc9101.html#section-4)
 */
export function objectParameters(claims: JWTPayload): RequestParameters | string {
  const entries: (readonly [string, string])[] = []
  for (const [name, value] of Object.entries(claims)) {
    if (others.has(name)) continue
    // RFC 9101 §4: an object must not refer to another one.
    if (name === 'request' || name === 'request_uri') return `it must not contain ${name}`
    const isList = (name === 'resource' || name === 'audience') && Array.isArray(value)
    for (const item of isList ? value : [value]) {
      const text = toText(item)
      if (text === undefined) return `the value of ${name.slice(0, 64)} is no parameter`
      entries.push([name, text])
    }
  }
  return requestParameters(entries)
}

/** A parameter's value as it would stand in a query. */
function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
}
