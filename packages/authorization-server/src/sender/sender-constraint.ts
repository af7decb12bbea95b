import { isConfirmed, OAuthError } from '@gatewright/core'
import type { Confirmation } from '@gatewright/core'
import type { Client } from '../clients/client.ts'

/**
 * What the tokens of a request will be bound to: the key of its DPoP proof, and its certificate when the client is
 * registered for that.
 *
 * @throws {OAuthError} `invalid_dpop_proof` or `invalid_request` when the client must bind its tokens and proves nothing
 * @see [RFC 9449 §5 - DPoP Access Token Request](https://www.rfc-editor.org/rfc/rfc9449.html#section-5)
 * @see [RFC 8705 §3.4 - Client Metadata](https://www.rfc-editor.org/rfc/rfc8705.html#section-3.4)
 */
export function senderConstraint(proven: Confirmation, client: Client): Confirmation | undefined {
  const { jkt, 'x5t#S256': thumbprint } = proven
  if (client.dpop_bound_access_tokens === true && jkt === undefined)
    throw new OAuthError('invalid_dpop_proof', 'this client must send a DPoP proof')
  // A certificate may belong to the whole machine, so only who asked for it gets tokens that need it.
  const bound = client.tls_client_certificate_bound_access_tokens === true
  if (bound && thumbprint === undefined)
    throw new OAuthError('invalid_request', 'this client must present a TLS client certificate')
  if (jkt === undefined && !bound) return undefined
  return { ...(jkt === undefined ? {} : { jkt }), ...(bound ? { 'x5t#S256': thumbprint } : {}) }
}

/**
 * Insists that the sender has proven what a code or a token is bound to.
 *
 * @throws {OAuthError} `invalid_dpop_proof` when a proof is missing, the code given when it is of another key or certificate
 */
export function requireConfirmation(
  required: Confirmation | undefined,
  proven: Confirmation | undefined,
  what: string,
  code: 'invalid_grant' | 'invalid_request' = 'invalid_grant',
): void {
  if (isConfirmed(required, proven)) return
  if (required?.jkt !== undefined && proven?.jkt === undefined)
    throw new OAuthError('invalid_dpop_proof', `${what} is bound to a key; send a DPoP proof of it`)
  throw new OAuthError(code, `${what} is bound to another key or certificate`)
}

/** How a token is presented. @see [RFC 9449 §5](https://www.rfc-editor.org/rfc/rfc9449.html#section-5) */
export function tokenType(confirmation: Confirmation | undefined): 'Bearer' | 'DPoP' {
  return confirmation?.jkt === undefined ? 'Bearer' : 'DPoP'
}

/** What the refresh token of a client is bound to: a public client has nothing else that it could prove. */
export function refreshConstraint(
  client: Client,
  confirmation: Confirmation | undefined,
): Confirmation | undefined {
  return client.authenticationMethods[0] === 'none' ? confirmation : undefined
}
