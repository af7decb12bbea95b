import { constantTimeEqual, sha256Base64url } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import { readBrowserCookie } from '../interaction/browser-cookie.ts'
import { consumePendingRequest, findPendingRequest } from '../interaction/pending-request.ts'
import type { OpenRequest } from '../interaction/pending-request.ts'
import { readTripCookie } from '../interaction/trip-cookie.ts'
import { leaveAfterLogout } from '../logout/after-logout.ts'
import type { AfterLogout } from '../logout/after-logout.ts'
import type { PendingSignOut } from '../logout/sign-out.ts'
import { signedOutPage } from '../pages/logout-page.ts'
import type { ServerContext } from '../server-context.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * Where a provider sends the browser back to after a logout there. Whoever comes without a logout of this browser gets a
 * page, and is sent nowhere.
 *
 * @see [OpenID Connect RP-Initiated Logout 1.0 §3 - Redirection to RP After Logout](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout)
 */
export function signedOut(): Endpoint {
  return {
    name: 'signed_out',
    path: '/signed-out',
    methods: ['GET'],
    page: true,
    answer,
    pages: { signedOut: signedOutPage },
  }
}

async function answer(http: Request, _context: RequestContext, server: ServerContext): Promise<Response> {
  if (http.method === 'HEAD') return new Response(null)
  const now = server.now()
  const after = await takeSignOut(http, now, server)
  if (after !== undefined) return leaveAfterLogout(after, true, http, server)
  const cookie = readBrowserCookie(http, server)
  const stayed = cookie !== undefined && (await server.sessions.find(cookie, now)) !== undefined
  return server.pages.show('signedOut', { stayed }, { http })
}

async function takeSignOut(
  http: Request,
  now: number,
  server: ServerContext,
): Promise<AfterLogout | undefined> {
  const [state = '', another] = new URL(http.url).searchParams.getAll('state')
  if (another !== undefined) return undefined
  const open = await findPendingRequest(state, now, server)
  const cookie = readTripCookie(http, server)
  if (!isSignOut(open) || cookie === undefined) return undefined
  if (!constantTimeEqual(await sha256Base64url(cookie), open.request.browser)) return undefined
  return (await consumePendingRequest(open, now, server)) ? open.request.after : undefined
}

function isSignOut(open: OpenRequest | undefined): open is OpenRequest<PendingSignOut> {
  return open?.request.purpose === 'signed_out'
}
