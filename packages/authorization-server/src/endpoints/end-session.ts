import type { RequestContext, Session } from '@gatewright/core'
import { findClient } from '../clients/client-source.ts'
import { userName } from '../interaction/advance.ts'
import { readBrowserCookie, writeBrowserCookie } from '../interaction/browser-cookie.ts'
import type { Arrival } from '../interaction/arrival.ts'
import { csrfToken } from '../interaction/csrf-token.ts'
import { interactionUrl } from '../interaction/interaction-url.ts'
import {
  consumePendingRequest,
  pendingRequestLifetime,
  storePendingRequest,
} from '../interaction/pending-request.ts'
import type { OpenRequest, PendingLogin } from '../interaction/pending-request.ts'
import { endSession as endBrowserSession } from '../logout/end-session.ts'
import { logoutRequest } from '../logout/logout-request.ts'
import type { LogoutHint } from '../logout/logout-request.ts'
import { parseParameters, readFormText } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import type { Endpoint } from './endpoint.ts'

const name = 'end_session'

/** A logout that waits for the user. */
interface PendingLogout extends PendingLogin {
  readonly purpose: typeof name
  readonly clientId?: string | undefined
  readonly hint?: LogoutHint | undefined
  readonly redirectUri?: string | undefined
  readonly state?: string | undefined
  readonly uiLocales?: readonly string[] | undefined
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
    resume: (open, arrival, server) => proceed(open as OpenRequest<PendingLogout>, arrival, server),
    metadata: (url) => ({ end_session_endpoint: url }),
  }
}

async function answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response> {
  const now = server.now()
  const sent = http.method === 'POST' ? await readFormText(http) : new URL(http.url).search
  const { client, ...asked } = await logoutRequest(parseParameters(sent), now, server)
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
  { http, form, now }: Arrival,
  server: ServerContext,
): Promise<Response> {
  const { hint } = open.request
  const cookie = readBrowserCookie(http, server)
  const session = cookie === undefined ? undefined : await server.sessions.find(cookie, now)
  if (cookie === undefined || session === undefined) return leave(open, false, http, now, server)
  const decision = form?.get('decision')
  if (decision === 'stay') {
    await consumePendingRequest(open, now, server)
    return server.pages.show('signedOut', { stayed: true }, { http, uiLocales: open.request.uiLocales })
  }
  const isTheirs = hint !== undefined && hint.subject === session.subject && hint.sid === session.sid
  if (decision !== 'sign-out' && !isTheirs) return ask(open, session, cookie, http, now, server)
  await endBrowserSession(session.sessionId, now, server)
  const response = await leave(open, true, http, now, server)
  response.headers.append('set-cookie', writeBrowserCookie(server.secret(), server))
  return response
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

/** Sends the browser on to the client, or says that it is done. */
async function leave(
  open: OpenRequest<PendingLogout>,
  ended: boolean,
  http: Request,
  now: number,
  server: ServerContext,
): Promise<Response> {
  await consumePendingRequest(open, now, server)
  const { clientId, redirectUri, state, uiLocales } = open.request
  const client = clientId === undefined ? undefined : await findClient(clientId, server)
  // Registered when the request was checked, and still: the client may have been changed meanwhile.
  const registered = redirectUri !== undefined && client?.post_logout_redirect_uris?.includes(redirectUri)
  // RFC 9700 §4.11.2: a client that registered itself could use this server as an open redirector for strangers.
  if (registered !== true || !(client?.verified === true || ended))
    return server.pages.show('signedOut', {}, { http, uiLocales })
  const query = state === undefined ? '' : new URLSearchParams({ state }).toString()
  const separator = query === '' ? '' : redirectUri.includes('?') ? '&' : '?'
  return seeOther(`${redirectUri}${separator}${query}`)
}

function seeOther(location: string): Response {
  const headers = { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
  return new Response(null, { status: 303, headers })
}
