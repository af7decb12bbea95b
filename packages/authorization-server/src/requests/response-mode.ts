import { OAuthError } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import type { RequestParameters } from './request-parameters.ts'

/**
 * How the answer travels: in the query of a redirect, or in a form that the browser posts.
 *
 * @see [OAuth 2.0 Form Post Response Mode §2](https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode)
 */
export type ResponseMode = 'query' | 'form_post'

/** The mode that a request may have its errors in: the one it asks for, or the query when that cannot be. */
export function usableResponseMode(
  parameters: RequestParameters,
  redirectUri: string,
  server: ServerContext,
): ResponseMode {
  const mode = parameters.get('response_mode')
  const offered = mode === 'form_post' && server.options.responseModes.includes(mode)
  // A private-use scheme opens an app, and nothing can be posted to that.
  return offered && /^https?:/.test(redirectUri) ? mode : 'query'
}

/**
 * Checks that the answer will travel as the request asks for.
 *
 * @throws {OAuthError} `invalid_request` when it cannot
 */
export function checkResponseMode(
  parameters: RequestParameters,
  usable: ResponseMode,
  server: ServerContext,
): void {
  const mode = parameters.get('response_mode')
  if (mode !== undefined && mode !== usable)
    throw new OAuthError(
      'invalid_request',
      `response_mode must be ${server.options.responseModes.join(' or ')}, and form_post needs an http address`,
    )
}
