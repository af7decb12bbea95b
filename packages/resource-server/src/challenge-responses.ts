import {
  bearerChallenge,
  dpopChallenge,
  formatScope,
  jsonResponse,
  type ChallengeParameters,
  type OAuthError,
} from '@gatewright/core'
import type { AccessToken } from './access-token.ts'
import type { TokenScheme } from './presented-token.ts'

/** What every challenge of a resource repeats. */
export interface ChallengeContext {
  readonly metadataUrl: string
  /** The scopes that a first visitor should ask for. */
  readonly scope: string | undefined
  /** The algorithms of DPoP proofs; absent when there are none. */
  readonly algs: string | undefined
  /** Whether bearer tokens are refused. */
  readonly required: boolean
}

/** What a refusal for want of scopes needs of the token. */
export type ForbiddenToken = Pick<AccessToken, 'scopes'> & Partial<Pick<AccessToken, 'confirmation'>>

/**
 * The answer to a request that is not authenticated: 401, or the status of the error.
 *
 * @see [RFC 6750 §3 - The WWW-Authenticate Response Header Field](https://www.rfc-editor.org/rfc/rfc6750.html#section-3)
 */
export function unauthorizedResponse(
  context: ChallengeContext,
  error: OAuthError | undefined,
  scheme: TokenScheme = 'bearer',
): Response {
  const { metadataUrl: resource_metadata, scope } = context
  // RFC 6750 §3.1: a request that carries no token at all gets no error code.
  if (error === undefined)
    return jsonResponse({}, 401, {
      'www-authenticate': challenge({ resource_metadata, scope }, context, scheme),
    })
  const body = error.toJSON()
  if (error.status >= 500) return jsonResponse(body, error.status, error.headers)
  return jsonResponse(body, error.status, {
    ...error.headers,
    'www-authenticate': challenge({ ...body, resource_metadata, scope }, context, scheme),
  })
}

/**
 * The answer to a token whose scopes do not suffice: 403 with all that the client should ask for.
 *
 * @see [RFC 6750 §3.1 - Error Codes](https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1)
 */
export function forbiddenResponse(
  context: ChallengeContext,
  token: ForbiddenToken,
  required: readonly string[],
  body?: unknown,
): Response {
  const description = 'the access token lacks a scope that this request needs'
  // Many clients ask for exactly what the challenge names: without the granted scopes they would lose them.
  const wanted = [...new Set([...token.scopes, ...required])].filter((name) => name !== 'offline_access')
  const parameters = {
    error: 'insufficient_scope',
    error_description: description,
    scope: formatScope(wanted),
    resource_metadata: context.metadataUrl,
  }
  return jsonResponse(body ?? { error: 'insufficient_scope', error_description: description }, 403, {
    'www-authenticate':
      token.confirmation?.jkt === undefined
        ? bearerChallenge(parameters)
        : dpopChallenge({ ...parameters, algs: context.algs }),
  })
}

/** Both schemes where both are taken; `Bearer` stands first, since many clients read no further. */
function challenge(
  parameters: ChallengeParameters,
  { algs, required }: ChallengeContext,
  scheme: TokenScheme,
): string {
  if (algs === undefined) return bearerChallenge(parameters)
  if (required || scheme === 'dpop') return dpopChallenge({ ...parameters, algs })
  return `${bearerChallenge(parameters)}, ${dpopChallenge({ algs })}`
}
