import { formatScope } from '@gatewright/core'

/** Whose token is exchanged. A verified `AccessToken` of `@gatewright/resource-server` is one. */
export interface ExchangeSubject {
  /** The access token itself, verified before it comes here. */
  readonly token: string
  readonly subject: string
  readonly clientId: string
  /** Its id. Events carry it, so that an exchange can be told to belong to the calls that were made with the token. */
  readonly jti?: string | undefined
  /** When it expires, in milliseconds; what it is exchanged for is not kept longer. */
  readonly expiresAt?: number | undefined
}

/** What the new token is to be good for. */
export interface ExchangeTarget {
  /** URL of the server that is called (RFC 8707 §2). One of `resource` and `audience` is needed. */
  readonly resource?: string | undefined
  /** Its name at the authorization server, where that does not go by URLs. */
  readonly audience?: string | undefined
  /** What the call needs, and no more. An answer with further scopes is refused. */
  readonly scopes: readonly string[]
  /**
   * Seconds that the token may live at most. The request cannot ask for it, RFC 8693 §2.1 has no word for it: limit it at the
   * authorization server, and a token that lives longer is refused here.
   *
   * @default as long as the authorization server says
   */
  readonly lifetime?: number | undefined
}

/** The value of `grant_type`. */
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** The only kind of token that goes in and comes out. */
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

/**
 * The parameters of a request.
 *
 * `scope` is always sent: a server that takes its absence for "all that the client may" would widen the token.
 *
 * @throws {TypeError} when the target names no server, no scope, or a lifetime that is no whole number of seconds
 * @see [RFC 8693 §2.1 - Request](https://www.rfc-editor.org/rfc/rfc8693.html#section-2.1)
 */
export function exchangeParameters(
  { token }: ExchangeSubject,
  target: ExchangeTarget,
  actorToken: string | undefined,
): URLSearchParams {
  checkTarget(target)
  const parameters = new URLSearchParams({
    subject_token: token,
    subject_token_type: accessTokenType,
    requested_token_type: accessTokenType,
    scope: formatScope(target.scopes),
  })
  if (target.resource !== undefined) parameters.set('resource', target.resource)
  if (target.audience !== undefined) parameters.set('audience', target.audience)
  // RFC 8693 §2.1: the two go together, or not at all.
  if (actorToken !== undefined) {
    parameters.set('actor_token', actorToken)
    parameters.set('actor_token_type', accessTokenType)
  }
  return parameters
}

/** @throws {TypeError} when the target is incomplete */
export function checkTarget({ resource, audience, scopes, lifetime }: ExchangeTarget): void {
  if ((resource ?? audience ?? '') === '')
    throw new TypeError(
      'an exchange needs a resource or an audience: a token that is good everywhere is none',
    )
  if (!Array.isArray(scopes) || scopes.length === 0)
    throw new TypeError('an exchange needs at least one scope; without, servers grant all that they can')
  if (lifetime !== undefined && (!Number.isSafeInteger(lifetime) || lifetime < 1))
    throw new TypeError('the lifetime of an exchanged token must be a whole number of seconds')
}
