import type { RequestContext, Session } from '@gatewright/core'
import { findClient } from '../clients/client-source.ts'
import { userName } from '../interaction/advance.ts'
import { readBrowserCookie } from '../interaction/browser-cookie.ts'
import type { Arrival } from '../interaction/arrival.ts'
import { csrfToken } from '../interaction/csrf-token.ts'
import { interactionUrl } from '../interaction/interaction-url.ts'
import {
  consumePendingRequest,
  pendingRequestLifetime,
  storePendingRequest,
} from '../interaction/pending-request.ts'
import type { OpenRequest, PendingLogin } from '../interaction/pending-request.ts'
import { leaveAfterLogout, seeOther } from '../logout/after-logout.ts'
import type { AfterLogout } from '../logout/after-logout.ts'
import { logoutRequest } from '../logout/logout-request.ts'
import type { LogoutHint } from '../logout/logout-request.ts'
import { signOut } from '../logout/sign-out.ts'
import { logoutPage, signedOutPage } from '../pages/logout-page.ts'
import { parseParameters, readFormText } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import type { Endpoint } from './endpoint.ts'

const name = 'end_session'

/** A logout that waits for the user. */
interface PendingLogout extends PendingLogin, AfterLogout {
  readonly purpose: typeof name
  readonly hint?: LogoutHint | undefined
}

/**
 * The end-session endpoint: signs a user out because a client asks for it.
 *
 * It does so at once only for a client that shows an ID token of exactly this session; everybody else could make the user's
 * browser come here, so the user is asked.
 *
 * @see [OpenID Connect RP-Initiated Logout 1.0 §2 - RP-Initiated Logout](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout)
 */
export function endSession(): Endpoint {
  return {
    name,
    path: '/logout',
    methods: ['GET', 'POST'],
    page: true,
    answer,
    pages: { logout: logoutPage, signedOut: signedOutPage },
    resume: (open, arrival, server) => proceed(open as OpenRequest<PendingLogout>, arrival, server),
    metadata: (url) => ({ end_session_endpoint: url }),
  }
}

async function answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response> {
  const now = server.now()
  const sent = http.method === 'POST' ? await readFormText(http) : new URL(http.url).search
  const { client, ...asked } = await logoutRequest(parseParameters(sent), server)
  if (http.method === 'HEAD') return new Response(null)
  const request: PendingLogout = {
    schema: 1,
    purpose: name,
    clientId: client?.client_id,
    ...asked,
    expiresAt: now + pendingRequestLifetime,
  }
  const open = { handle: server.secret(), request }
  if (http.method !== 'POST') return proceed(open, { http, context, now }, server)
  // The cookie is SameSite=Lax: a form that another site posts comes without it, and would look like one of a stranger.
  await storePendingRequest(open, now, server)
  return seeOther(interactionUrl(open, server))
}

async function proceed(
  open: OpenRequest<PendingLogout>,
  { http, context, form, now }: Arrival,
  server: ServerContext,
): Promise<Response> {
  const { hint } = open.request
  const cookie = readBrowserCookie(http, server)
  const session = cookie === undefined ? undefined : await server.sessions.find(cookie, now)
  if (cookie === undefined || session === undefined) {
    await consumePendingRequest(open, now, server)
    return leaveAfterLogout(open.request, false, http, server)
  }
  const decision = form?.get('decision')
  if (decision === 'stay') {
    await consumePendingRequest(open, now, server)
    return server.pages.show('signedOut', { stayed: true }, { http, uiLocales: open.request.uiLocales })
  }
  const isTheirs = hint !== undefined && hint.subject === session.subject && hint.sid === session.sid
  if (decision !== 'sign-out' && !isTheirs) return ask(open, session, cookie, http, now, server)
  await consumePendingRequest(open, now, server)
  const { clientId, redirectUri, state, uiLocales } = open.request
  return signOut({ http, context, cookie, now }, { clientId, redirectUri, state, uiLocales }, server)
}

async function ask(
  open: OpenRequest<PendingLogout>,
  { subject }: Session,
  cookie: string,
  http: Request,
  now: number,
  server: ServerContext,
): Promise<Response> {
  if (open.revision === undefined) await storePendingRequest(open, now, server)
  const { clientId, uiLocales } = open.request
  const client = clientId === undefined ? undefined : await findClient(clientId, server)
  const content = {
    userName: userName((await server.options.findUser(subject)) ?? {}, subject),
    clientName: client?.client_name ?? clientId,
    action: interactionUrl(open, server),
    csrf: await csrfToken(cookie, open.handle),
  }
  return server.pages.show('logout', content, { http, uiLocales })
}
