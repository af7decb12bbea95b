import type { Client } from '../clients/client.ts'
import { redirectUriMatcher } from '../clients/redirect-uri-matcher.ts'
import type { ServerContext } from '../server-context.ts'
import { authorizationClient } from './authorization-client.ts'
import type { ResponseTarget } from './authorization-response.ts'
import { PageError } from './page-error.ts'
import type { RequestParameters } from './request-parameters.ts'
import { usableResponseMode } from './response-mode.ts'

const maximumStateBytes = 4096

/** The client of an authorization request and where its answer may go: what must be settled before anything else. */
export interface AuthorizationTarget extends ResponseTarget {
  readonly client: Client
  readonly redirectUriSent: boolean
}

/**
 * Finds the client and matches the redirect URI.
 *
 * @throws {PageError} for everything that is wrong here: none of it may be told to a URI that was not validated
 * @see [RFC 6749 §4.1.2.1 - Error Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1)
 */
export async function authorizationTarget(
  parameters: RequestParameters,
  ip: string | undefined,
  server: ServerContext,
): Promise<AuthorizationTarget> {
  for (const name of ['client_id', 'redirect_uri'])
    if (parameters.repeated.includes(name))
      throw new PageError('invalid_link', 'invalid_request', `${name} is repeated`)
  const clientId = parameters.get('client_id')
  if (clientId === undefined) throw new PageError('invalid_link', 'invalid_request', 'client_id is missing')
  const client = await authorizationClient(clientId, ip, server)
  const state = parameters.get('state')
  if (state !== undefined && isOver(state, maximumStateBytes))
    throw new PageError('invalid_link', 'invalid_request', 'state is too long')
  const presented = parameters.get('redirect_uri')
  const match = redirectUriMatcher(client).match(presented ?? onlyRedirectUri(client))
  if (!match.matched) {
    // The operator reads the exact value; the page never repeats it.
    server.emit({
      type: 'redirect_uri.rejected',
      clientId,
      ip,
      redirectUri: presented?.slice(0, 2048),
      registered: client.redirect_uris,
      reason: match.reason,
      message: match.message,
    })
    throw new PageError('unanswerable_app', 'invalid_request', `redirect_uri: ${match.message}`)
  }
  // RFC 6749 §3.1: a repeated parameter is refused; a repeated state is not sent back.
  return {
    client,
    redirectUri: match.redirectUri,
    redirectUriSent: presented !== undefined,
    responseMode: usableResponseMode(parameters, match.redirectUri, server),
    state: parameters.repeated.includes('state') ? undefined : state,
    clientName: client.client_name ?? client.client_id,
    uiLocales: parameters.get('ui_locales')?.slice(0, 256).split(' '),
  }
}

// A code unit takes three bytes at most, so a short text need not be encoded to be counted.
function isOver(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && new TextEncoder().encode(text).byteLength > bytes
}

// OAuth 2.1 draft-13 §4.1.1: the parameter may be left out when exactly one redirect URI is registered.
function onlyRedirectUri(client: Client): string {
  const [only, another] = client.redirect_uris
  if (only === undefined || another !== undefined || only.includes('*'))
    throw new PageError('invalid_link', 'invalid_request', 'redirect_uri is missing')
  return only
}
