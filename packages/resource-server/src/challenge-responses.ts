import { bearerChallenge, formatScope, jsonResponse, type OAuthError } from '@gatewright/core'
import type { AccessToken } from './access-token.ts'

/** What every challenge of a resource repeats. */
export interface ChallengeContext {
  readonly metadataUrl: string
  /** The scopes that a first visitor should ask for. */
  readonly scope: string | undefined
}

/**
 * The answer to a request that is not authenticated: 401, or the status of the error.
 *
 * @see [RFC 6750 §3 - The WWW-Authenticate Response Header Field](https://www.rfc-editor.org/rfc/rfc6750.html#section-3)
 */
export function unauthorizedResponse(
  { metadataUrl, scope }: ChallengeContext,
  error: OAuthError | undefined,
): Response {
  // RFC 6750 §3.1: a request that carries no token at all gets no error code.
  if (error === undefined)
    return jsonResponse({}, 401, {
      'www-authenticate': bearerChallenge({ resource_metadata: metadataUrl, scope }),
    })
  const body = error.toJSON()
  if (error.status >= 500) return jsonResponse(body, error.status, error.headers)
  return jsonResponse(body, error.status, {
    ...error.headers,
    'www-authenticate': bearerChallenge({ ...body, resource_metadata: metadataUrl, scope }),
  })
}

/**
 * The answer to a token whose scopes do not suffice: 403 with all that the client should ask for.
 *
 * @see [RFC 6750 §3.1 - Error Codes](https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1)
 */
export function forbiddenResponse(
  metadataUrl: string,
  token: Pick<AccessToken, 'scopes'>,
  required: readonly string[],
  body?: unknown,
): Response {
  const description = 'the access token lacks a scope that this request needs'
  // Many clients ask for exactly what the challenge names: without the granted scopes they would lose them.
  const wanted = [...new Set([...token.scopes, ...required])].filter((name) => name !== 'offline_access')
  const challenge = bearerChallenge({
    error: 'insufficient_scope',
    error_description: description,
    scope: formatScope(wanted),
    resource_metadata: metadataUrl,
  })
  return jsonResponse(body ?? { error: 'insufficient_scope', error_description: description }, 403, {
    'www-authenticate': challenge,
  })
}
