import { findClient } from '../clients/client-source.ts'
import type { Client } from '../clients/client.ts'
import { PageError } from '../requests/page-error.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import { verifyIdToken } from '../tokens/verify-id-token.ts'

/** Whose session a client wants to end, as an ID token of ours says. */
export interface LogoutHint {
  readonly subject: string
  readonly sid?: string | undefined
}

/** A request to sign a user out, checked. */
export interface LogoutRequest {
  readonly client?: Client | undefined
  readonly hint?: LogoutHint | undefined
  /** Where the browser goes afterwards; one that the client registered. */
  readonly redirectUri?: string | undefined
  readonly state?: string | undefined
  readonly uiLocales?: readonly string[] | undefined
}

const maximumState = 4096

/**
 * Checks a logout request.
 *
 * A hint that is not an ID token of ours counts for nothing, one that has expired counts.
 *
 * @throws {PageError} when the client contradicts the hint, or wants the user at an address that it did not register
 * @see [OpenID Connect RP-Initiated Logout 1.0 §2 - RP-Initiated Logout](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout)
 */
export async function logoutRequest(
  parameters: RequestParameters,
  server: ServerContext,
): Promise<LogoutRequest> {
  const refuse = (message: string) => new PageError('invalid_link', 'invalid_request', message)
  const [repeated] = parameters.repeated
  if (repeated !== undefined) throw refuse('a parameter is repeated')
  const named = parameters.get('client_id')
  const token = parameters.get('id_token_hint')
  const hint = token === undefined ? undefined : await verifyHint(token, server)
  if (hint !== undefined && named !== undefined && named !== hint.clientId)
    throw refuse('client_id differs from the one of id_token_hint')
  const clientId = hint?.clientId ?? named
  const client = clientId === undefined ? undefined : await findClient(clientId, server)
  const redirectUri = parameters.get('post_logout_redirect_uri')
  // A page, not a logout: the address may be an attacker's.
  if (redirectUri !== undefined && client?.post_logout_redirect_uris?.includes(redirectUri) !== true)
    throw new PageError(
      'unanswerable_app',
      'invalid_request',
      'post_logout_redirect_uri is not registered for this client',
    )
  const state = parameters.get('state')
  if (state !== undefined && state.length > maximumState) throw refuse('state is too long')
  return {
    client,
    hint,
    redirectUri,
    state,
    uiLocales: parameters.get('ui_locales')?.slice(0, 256).split(' '),
  }
}

async function verifyHint(
  token: string,
  server: ServerContext,
): Promise<(LogoutHint & { readonly clientId: string }) | undefined> {
  // A session outlives the ID tokens that were issued in it.
  const claims = await verifyIdToken(token, { expired: 'too' }, server)
  const { sub, aud, sid } = claims ?? {}
  if (typeof sub !== 'string' || typeof aud !== 'string') return undefined
  return { subject: sub, clientId: aud, ...(typeof sid === 'string' ? { sid } : {}) }
}
