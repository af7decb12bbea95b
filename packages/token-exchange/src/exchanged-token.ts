import { decodeBase64url, parseScope } from '@gatewright/core'
import type { TokenEndpointResponse } from 'oauth4webapi'
import { accessTokenType, type ExchangeSubject, type ExchangeTarget } from './exchange-parameters.ts'
import { TokenExchangeError } from './token-exchange-error.ts'

/** A token for one server, in the name of one user. */
export interface ExchangedToken {
  /** The token itself, for that server only. */
  readonly token: string
  readonly scopes: readonly string[]
  /** When it expires, in milliseconds; `undefined` when the authorization server did not say, and it is then used once. */
  readonly expiresAt: number | undefined
}

/**
 * Checks that an answer is what was asked for, and nothing more.
 *
 * Signature and audience of the token are for its recipient to check; this looks into a JWT only to see whom it names.
 *
 * @throws {TokenExchangeError} `unexpected_token` when it is of another kind, wider, or longer, or does not name who acts
 * @see [RFC 8693 §2.2.1 - Successful Response](https://www.rfc-editor.org/rfc/rfc8693.html#section-2.2.1)
 */
export function checkExchangedToken(
  response: TokenEndpointResponse,
  subject: ExchangeSubject,
  target: ExchangeTarget,
  { now, actor }: { readonly now: number; readonly actor: string | undefined },
): ExchangedToken {
  if (response.issued_token_type !== accessTokenType)
    throw unexpected('a token of another type than the one that was asked for')
  if (response.token_type !== 'bearer') throw unexpected(`a token of the type "${response.token_type}"`)
  const scopes = response.scope === undefined ? target.scopes : parseScope(response.scope)
  const wide = scopes.find((scope) => !target.scopes.includes(scope))
  if (wide !== undefined) throw unexpected(`the scope "${wide}", which was not asked for`)
  const { expires_in: lifetime } = response
  if (target.lifetime !== undefined && (lifetime === undefined || lifetime > target.lifetime))
    throw unexpected(
      `a token of ${lifetime ?? 'unknown'} seconds where ${target.lifetime} were the limit; set the limit at the authorization server too`,
    )
  checkParties(response.access_token, subject, actor)
  return {
    token: response.access_token,
    scopes,
    expiresAt: lifetime === undefined ? undefined : now + lifetime * 1000,
  }
}

function checkParties(token: string, { subject }: ExchangeSubject, actor: string | undefined): void {
  const claims = claimsOf(token)
  if (claims === undefined) return
  // A token of somebody else, cached for this caller, would hand one user's records to another.
  if (claims.sub !== subject) throw unexpected('a token of another subject')
  if (actor !== undefined && (claims.act as { sub?: unknown } | undefined)?.sub !== actor)
    throw unexpected(
      `a token whose actor is not "${actor}": its recipient cannot see then who acts for the user. Set actor to the name that the authorization server uses, or mode to "impersonation" when nobody is to be named`,
    )
}

/** The claims of a JWT, unverified; `undefined` for an opaque token. */
function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload = '', signature, more] = token.split('.')
  if (signature === undefined || more !== undefined) return undefined
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(decodeBase64url(payload)))
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function unexpected(what: string): TokenExchangeError {
  return new TokenExchangeError('unexpected_token', `the authorization server issued ${what}`)
}
