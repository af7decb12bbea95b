import { OAuthError, sha256Base64url } from '@gatewright/core'
import type { AuthorizationRequest, Departure } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import type { Arrival } from './arrival.ts'
import type { OpenRequest } from './pending-request.ts'
import { providerRedirectUri } from './provider-redirect-uri.ts'
import { readTripCookie, writeTripCookie } from './trip-cookie.ts'
import { storeTrip } from './trip-store.ts'

/**
 * Sends the browser to a provider.
 *
 * A provider that knows the user answers without a question, so whoever starts the trip gets the code: the user's consent
 * has to come first, in this browser and by a form of ours.
 *
 * @throws {OAuthError} `server_error` when consent is required and was not just given
 * @see [MCP Security Best Practices - Confused Deputy Problem](https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices)
 */
export async function leave(
  { url, pending, approved }: Departure,
  open: OpenRequest,
  described: AuthorizationRequest,
  { form, http, now }: Arrival,
  server: ServerContext,
): Promise<Response> {
  const redirectUri = providerRedirectUri(pending.provider, server)
  if (open.request.promptNone === true)
    throw new OAuthError('login_required', 'the user would have to act, and prompt is none')
  if (pending.redirectUri !== redirectUri)
    throw new OAuthError('server_error', `the provider "${pending.provider}" was given another redirect URI`)
  if (described.consentRequired && (form === undefined || approved === undefined))
    throw new OAuthError('server_error', 'the login step left for a provider before the user approved')
  const offered = new Set(described.scopes.map(({ name }) => name))
  if (approved?.some((name) => !offered.has(name)) === true)
    throw new OAuthError('server_error', 'the login step approved more than was asked for')
  const cookie = readTripCookie(http, server) ?? server.secret()
  const { handle, request } = open
  const trip = { handle, browser: await sha256Base64url(cookie), pending, approved }
  await storeTrip(trip, request.expiresAt, now, server)
  return new Response(null, {
    status: 303,
    headers: { location: url, 'cache-control': 'no-store', 'set-cookie': writeTripCookie(cookie, server) },
  })
}
