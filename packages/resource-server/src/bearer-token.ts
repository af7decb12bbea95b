import { OAuthError } from '@gatewright/core'

/**
 * Takes the token out of the `Authorization` header, or gives `undefined` when there is none.
 *
 * Nothing else is read: not the query, not the body.
 *
 * @throws {OAuthError} `invalid_request` when the header is malformed or was sent twice
 * @see [OAuth 2.1 draft-13 §5.1.1](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-5.1.1)
 */
export function bearerToken(request: Request): string | undefined {
  const header = request.headers.get('authorization')
  if (header === null) return undefined
  const value = header.trim()
  // Two header fields arrive joined by a comma: whoever reads the other one would see another caller.
  if (/,\s*bearer(\s|$)/i.test(value)) throw malformed()
  if (!/^bearer(\s|$)/i.test(value)) return undefined
  const token = value.slice('bearer'.length).trim()
  if (token === '') return undefined
  // RFC 6750 §2.1: b64token
  if (!/^[\w.~+/-]+=*$/.test(token)) throw malformed()
  return token
}

function malformed(): OAuthError {
  return new OAuthError('invalid_request', 'the Authorization header must carry one bearer token')
}
