import { OAuthError, sha256Base64url } from '@gatewright/core'
import type { AuthorizationRequest, Login, RequestContext, Session } from '@gatewright/core'
import { limitPage } from '../limits/limit-page.ts'
import type { ServerContext } from '../server-context.ts'
import { settleSession } from '../logout/end-session.ts'
import { finish, toVisit } from './arrival.ts'
import type { Arrival, Browser } from './arrival.ts'
import { writeBrowserCookie } from './browser-cookie.ts'
import { interactionUrl } from './interaction-url.ts'
import { noteApproval, storePendingRequest } from './pending-request.ts'
import type { OpenRequest, PendingApproval } from './pending-request.ts'
import { requireProvider } from './require-provider.ts'
import type { SessionRecord } from './session-store.ts'
import { verifySubject } from './verify-subject.ts'

/**
 * Finds out who is at the browser: the session that the interaction accepts, or a response that leads to one.
 *
 * @throws {OAuthError} `login_required` when pages are not allowed or the login is too old, `access_denied` when the client's users must log in otherwise, `server_error` when the interaction returns no subject
 */
export async function signIn(
  open: OpenRequest,
  described: AuthorizationRequest,
  browser: Browser,
  arrival: Arrival,
  server: ServerContext,
): Promise<Session | Response> {
  const visit = toVisit(open, described, browser, arrival, undefined, server)
  if (browser.session === undefined) await limitPasswords(arrival, server)
  const returned = await server.options.interaction.authenticate(described, visit)
  if (returned instanceof Response)
    return show(returned, 'login_required', open, browser, arrival.now, server)
  const subject = verifySubject(returned, arrival.now)
  if (browser.session?.subject === subject.subject) return browser.session
  // An interaction of the integrator need not know what the client is limited to.
  requireProvider(described.providers, subject)
  if (subject.authenticatedAt < (open.request.authenticatedAfter ?? 0))
    throw new OAuthError('login_required', 'the login is older than the request allows')
  refuseToShow('login_required', open)
  const response = await startSession(open, subject, browser, arrival, server)
  // It has the session's cookie already.
  return show(response, 'login_required', open, { ...browser, isNew: false }, arrival.now, server)
}

/** Counts before the password is looked at, or guesses that are sent at once would all be made before one is counted. */
async function limitPasswords({ form, context }: Arrival, server: ServerContext): Promise<void> {
  if (!form?.get('password')) return
  const username = form.get('username')?.trim().toLowerCase()
  await limitPage(async () => {
    await server.limitRate('login', context)
    // Five times as many, so that it takes more than one stranger to keep a user out.
    if (username) await server.limitRate('login', `user:${username}`, 5)
  })
}

/** Sends a page of the interaction, after making sure that the browser can come back to it. */
export async function show(
  response: Response,
  refusal: 'login_required' | 'consent_required',
  open: OpenRequest,
  browser: Browser,
  now: number,
  server: ServerContext,
): Promise<Response> {
  refuseToShow(refusal, open)
  if (open.revision === undefined) await storePendingRequest(open, now, server)
  return finish(response, browser, server)
}

function refuseToShow(refusal: 'login_required' | 'consent_required', { request }: OpenRequest): void {
  if (request.promptNone === true)
    throw new OAuthError(refusal, 'the user would have to act, and prompt is none')
}

/** Signs the user in and sends the browser around once more, so that a reload repeats no password. */
async function startSession(
  open: OpenRequest,
  subject: Login,
  browser: Browser,
  { context, approved, now }: Arrival,
  server: ServerContext,
): Promise<Response> {
  // A cookie from before the login must not be worth anything after it: whoever planted it would be signed in too.
  const secret = server.secret()
  const before = browser.isNew
    ? undefined
    : await endBefore(browser.cookie, subject.subject, context, now, server)
  await server.sessions.start(secret, subject, now, before)
  if (approved !== undefined) await noteApproval(open, subject.subject, approved, now, server)
  const { clientId } = open.request as Partial<PendingApproval>
  const { provider } = subject
  server.emit({ type: 'login.succeeded', clientId, subject: subject.subject, ip: context.ip, provider })
  const headers = {
    location: interactionUrl(open, server),
    'cache-control': 'no-store',
    'set-cookie': writeBrowserCookie(secret, server),
  }
  return new Response(null, { status: 303, headers })
}

/** Ends the session that the browser had. For another user that is a logout; for the same one the new session goes on with it. */
async function endBefore(
  cookie: string,
  subject: string,
  context: RequestContext,
  now: number,
  server: ServerContext,
): Promise<SessionRecord | undefined> {
  const before = await server.sessions.end(await sha256Base64url(cookie), now)
  if (before !== undefined && before.subject !== subject) {
    server.emit({ type: 'session.ended', subject: before.subject })
    await settleSession(before, now, server, context)
  }
  return before
}
