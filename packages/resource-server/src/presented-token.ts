import { OAuthError } from '@gatewright/core'

/** How a token is presented: alone, or with a proof of the key that it is bound to. */
export type TokenScheme = 'bearer' | 'dpop'

/** A token with the scheme that it came by. */
export interface PresentedToken {
  readonly scheme: TokenScheme
  readonly token: string
}

/**
 * Takes the token out of the `Authorization` header, or gives `undefined` when there is none.
 *
 * Nothing else is read: not the query, not the body.
 *
 * @throws {OAuthError} `invalid_request` when the header is malformed or was sent twice
 * @see [OAuth 2.1 draft-13 §5.1.1](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-5.1.1)
 */
export function presentedToken(
  request: Request,
  schemes: readonly TokenScheme[],
): PresentedToken | undefined {
  const header = request.headers.get('authorization')
  if (header === null) return undefined
  const value = header.trim()
  // Two header fields arrive joined by a comma: whoever reads the other one would see another caller.
  if (/,\s*(bearer|dpop)(\s|$)/i.test(value)) throw malformed()
  const scheme = schemes.find((name) => value.split(/\s/, 1)[0]?.toLowerCase() === name)
  if (scheme === undefined) return undefined
  const token = value.slice(scheme.length).trim()
  if (token === '') return undefined
  // RFC 6750 §2.1: b64token
  if (!/^[\w.~+/-]+=*$/.test(token)) throw malformed()
  return { scheme, token }
}

function malformed(): OAuthError {
  return new OAuthError('invalid_request', 'the Authorization header must carry one access token')
}
