import { OAuthError } from './oauth-error.ts'

const maximumLength = 4096
const maximumCount = 100
// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), separated by single spaces
const syntax = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/

/**
 * Splits a `scope` value into its distinct scope tokens, in the order given.
 *
 * An absent or empty value has no tokens. Names are compared exactly; nothing is folded or normalised.
 *
 * @throws {OAuthError} `invalid_scope` when the syntax is wrong, the value is over 4,096 characters or has over 100 tokens
 * @see [RFC 6749 §3.3 - Access Token Scope](https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3)
 */
export function parseScope(value: string | undefined): string[] {
  if (value === undefined || value === '') return []
  if (value.length > maximumLength) throw new OAuthError('invalid_scope', 'the scope parameter is too long')
  if (!syntax.test(value))
    throw new OAuthError(
      'invalid_scope',
      'the scope parameter has a character or separator that is not allowed',
    )
  const tokens = value.split(' ')
  if (tokens.length > maximumCount)
    throw new OAuthError('invalid_scope', 'the scope parameter has too many scopes')
  return [...new Set(tokens)]
}

/** Joins scopes into the wire form. */
export function formatScope(scopes: Iterable<string>): string {
  return (Array.isArray(scopes) ? scopes : [...scopes]).join(' ')
}
