import { OAuthError } from '@gatewright/core'
import { isCodeChallenge } from '@gatewright/pkce'
import type { Client } from '../clients/client.ts'
import type { RequestParameters } from './request-parameters.ts'

/**
 * The S256 challenge of an authorization request.
 *
 * Every client must send one; a client with `pkce: 'nonce'` may send `openid` and `nonce` instead.
 *
 * @throws {OAuthError} `invalid_request` when it is missing, malformed or not S256
 * @see [RFC 7636 §4.3 - Client Sends the Code Challenge with the Authorization Request](https://www.rfc-editor.org/rfc/rfc7636.html#section-4.3)
 */
export function codeChallenge(
  parameters: RequestParameters,
  client: Client,
  scopes: readonly string[],
): string | undefined {
  const challenge = parameters.get('code_challenge')
  const method = parameters.get('code_challenge_method')
  if (challenge === undefined) {
    if (method !== undefined) throw new OAuthError('invalid_request', 'code_challenge is missing')
    // RFC 9700 §2.1.1: the nonce of OpenID Connect protects a confidential client in the same way.
    if (client.pkce === 'nonce' && scopes.includes('openid') && parameters.get('nonce') !== undefined)
      return undefined
    throw new OAuthError('invalid_request', 'code_challenge is missing; PKCE with S256 is required')
  }
  // RFC 7636 §4.3: an absent method means plain, which shows the verifier to whoever sees the request.
  if (method !== 'S256') throw new OAuthError('invalid_request', 'code_challenge_method must be S256')
  if (!isCodeChallenge(challenge))
    throw new OAuthError('invalid_request', 'code_challenge must be 43 base64url characters')
  return challenge
}
