import { sha256Base64url } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import { writeBrowserCookie } from '../interaction/browser-cookie.ts'
import { pendingRequestLifetime, storePendingRequest } from '../interaction/pending-request.ts'
import type { PendingLogin } from '../interaction/pending-request.ts'
import { readTripCookie, writeTripCookie } from '../interaction/trip-cookie.ts'
import type { ServerContext } from '../server-context.ts'
import { leaveAfterLogout, seeOther } from './after-logout.ts'
import type { AfterLogout } from './after-logout.ts'
import { endSession } from './end-session.ts'
import { openLogoutUrl } from './logout-url.ts'

/** A logout at a provider that the browser comes back from. */
export interface PendingSignOut extends PendingLogin {
  readonly purpose: 'signed_out'
  /** Hash of the cookie of the browser that left. */
  readonly browser: string
  readonly after: AfterLogout
}

/** The browser that signs out. */
export interface SigningOut {
  readonly http: Request
  readonly context: RequestContext
  /** The secret of its session. */
  readonly cookie: string
  readonly now: number
}

/**
 * Signs a browser out: here at once, then at its provider where that is wanted, and then it goes where the logout leads.
 *
 * Nothing is asked of the provider meanwhile, so one that is down keeps nobody signed in.
 *
 * @see [OpenID Connect RP-Initiated Logout 1.0 §3 - Redirection to RP After Logout](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout)
 */
export async function signOut(
  { http, context, cookie, now }: SigningOut,
  after: AfterLogout,
  server: ServerContext,
): Promise<Response> {
  const record = await endSession(await sha256Base64url(cookie), now, server, context)
  const sealed = record?.logoutUrl
  const url = sealed === undefined ? undefined : await openLogoutUrl(sealed, cookie)
  const response =
    url === undefined
      ? await leaveAfterLogout(after, true, http, server)
      : await leaveForProvider(url, after, http, now, server)
  response.headers.append('set-cookie', writeBrowserCookie(server.secret(), server))
  return response
}

/** The state names what happens after it, and counts once, in this browser: the provider cannot send anybody else on. */
async function leaveForProvider(
  url: string,
  after: AfterLogout,
  http: Request,
  now: number,
  server: ServerContext,
): Promise<Response> {
  const cookie = readTripCookie(http, server) ?? server.secret()
  const state = server.secret()
  const request: PendingSignOut = {
    schema: 1,
    purpose: 'signed_out',
    browser: await sha256Base64url(cookie),
    after,
    expiresAt: now + pendingRequestLifetime,
  }
  await storePendingRequest({ handle: state, request }, now, server)
  const target = new URL(url)
  target.searchParams.set('state', state)
  const response = seeOther(target.href)
  response.headers.append('set-cookie', writeTripCookie(cookie, server))
  return response
}
