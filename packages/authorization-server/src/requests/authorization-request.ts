import { formatScope, OAuthError } from '@gatewright/core'
import { pendingRequestLifetime } from '../interaction/pending-request.ts'
import type { PendingRequest } from '../interaction/pending-request.ts'
import type { ServerContext } from '../server-context.ts'
import type { AuthorizationTarget } from './authorization-target.ts'
import { codeChallenge } from './code-challenge.ts'
import { readPrompt } from './prompt.ts'
import { checkResponseMode } from './response-mode.ts'
import { requestedAccess } from './requested-access.ts'
import type { RequestParameters } from './request-parameters.ts'

const maximumNonce = 1024

/**
 * Checks everything of an authorization request that may be answered by redirect.
 *
 * @throws {OAuthError} with the code that the client is to be told
 * @see [RFC 6749 §4.1.1 - Authorization Request](https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.1)
 */
export function authorizationRequest(
  parameters: RequestParameters,
  target: AuthorizationTarget,
  now: number,
  server: ServerContext,
): PendingRequest {
  const { client, redirectUri, redirectUriSent, responseMode, state } = target
  const [repeated] = parameters.repeated
  if (repeated !== undefined) throw new OAuthError('invalid_request', 'a parameter is repeated')
  // OpenID Connect Core 1.0 §6: a request object may carry other values, so it must not be ignored silently.
  if (parameters.get('request') !== undefined)
    throw new OAuthError('request_not_supported', 'the parameter request is not supported')
  if (parameters.get('request_uri') !== undefined)
    throw new OAuthError('request_uri_not_supported', 'the parameter request_uri is not supported')
  const responseType = parameters.get('response_type')
  if (responseType === undefined) throw new OAuthError('invalid_request', 'response_type is missing')
  if (responseType !== 'code') throw new OAuthError('unsupported_response_type', 'response_type must be code')
  if (!client.grant_types.includes('authorization_code'))
    throw new OAuthError('unauthorized_client', 'this client may not use the authorization code grant')
  checkResponseMode(parameters, responseMode, server)
  const { requested, scopes, resources } = requestedAccess(parameters, client, server)
  const challenge = codeChallenge(parameters, client, scopes)
  const { authorizationDetails } = server.options
  const details = authorizationDetails.parse(parameters.get('authorization_details'), client)
  const prompt = readPrompt(parameters, now)
  const jkt = parameters.get('dpop_jkt')
  // RFC 9449 §10: the SHA-256 thumbprint of the key.
  if (jkt !== undefined && !/^[\w-]{43}$/.test(jkt))
    throw new OAuthError('invalid_request', 'dpop_jkt must be a SHA-256 thumbprint')
  // The answer would not show that the code is bound to nothing.
  if (jkt !== undefined && server.dpop === undefined)
    throw new OAuthError('invalid_request', 'dpop_jkt: this server binds nothing to keys')
  const nonce = parameters.get('nonce')
  if (nonce !== undefined && nonce.length > maximumNonce)
    throw new OAuthError('invalid_request', 'nonce is too long')
  return {
    schema: 1,
    purpose: 'authorize',
    clientId: client.client_id,
    redirectUri,
    redirectUriSent,
    responseMode,
    state,
    challenge,
    nonce,
    jkt,
    requestedScope: formatScope(requested),
    scopes,
    resources,
    details,
    authenticatedAfter: prompt.authenticatedAfter,
    promptNone: prompt.none,
    promptConsent: prompt.consent,
    loginHint: parameters.get('login_hint')?.slice(0, 256),
    acrValues: parameters.get('acr_values')?.slice(0, 256).split(' '),
    uiLocales: parameters.get('ui_locales')?.slice(0, 256).split(' '),
    providerHint: (parameters.get('provider_hint') ?? parameters.get('idp_hint'))?.slice(0, 64),
    expiresAt: now + pendingRequestLifetime,
  }
}
