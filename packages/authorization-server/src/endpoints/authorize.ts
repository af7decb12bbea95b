import type { RequestContext } from '@gatewright/core'
import { advance } from '../interaction/advance.ts'
import type { Arrival } from '../interaction/arrival.ts'
import { readBrowserCookie } from '../interaction/browser-cookie.ts'
import { complete } from '../interaction/complete.ts'
import { interactionUrl } from '../interaction/interaction-url.ts'
import { consumePendingRequest, storePendingRequest } from '../interaction/pending-request.ts'
import type { OpenRequest, PendingRequest } from '../interaction/pending-request.ts'
import { limitPage } from '../limits/limit-page.ts'
import { authorizationRequest } from '../requests/authorization-request.ts'
import { errorResponse } from '../requests/authorization-response.ts'
import { authorizationTarget } from '../requests/authorization-target.ts'
import type { AuthorizationTarget } from '../requests/authorization-target.ts'
import { PageError } from '../requests/page-error.ts'
import { parseParameters, readFormText } from '../requests/request-parameters.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import { resolveRequest } from '../requests/request-source.ts'
import { checkRequiredSources } from '../requests/required-source.ts'
import type { ServerContext } from '../server-context.ts'
import { toOAuthError } from '../to-oauth-error.ts'

/**
 * The authorization endpoint.
 *
 * @see [RFC 6749 §3.1 - Authorization Endpoint](https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1)
 */
export async function authorize(
  http: Request,
  context: RequestContext,
  server: ServerContext,
): Promise<Response> {
  const resolved = await resolveRequest(await readParameters(http), context, server)
  const { parameters, sources, instance, consume } = resolved
  const target = await authorizationTarget(parameters, context.ip, server)
  const now = server.now()
  const arrival = { http, context, now }
  return answer(target, arrival, server, async () => {
    checkRequiredSources(target.client, sources, server)
    const request = { ...authorizationRequest(parameters, target, now, server), instance }
    const open = { handle: server.secret(), request }
    // RFC 9110 §9.3.2: HEAD must not do anything that GET does beyond answering.
    if (http.method === 'HEAD') return new Response(null)
    await limitPage(() => server.limitRate('authorization', context))
    // RFC 9126 §4: a reference works once. From here on the browser goes on by the handle, so that a reload does no harm.
    if (consume !== undefined && !(await consume()))
      throw new PageError('answered', 'invalid_request_uri', 'the pushed request was used before')
    if (http.method === 'POST' || consume !== undefined) return continueByGet(open, now, server)
    return proceed(open, target, arrival, server)
  })
}

/**
 * Turns a request that came by POST or by reference into one that the browser fetches.
 *
 * The cookie is SameSite=Lax, so a form posted by the client's site comes without it: answering here would take a
 * signed-in user for a stranger, and a new cookie would sign that user out.
 */
async function continueByGet(
  open: OpenRequest<PendingRequest>,
  now: number,
  server: ServerContext,
): Promise<Response> {
  await storePendingRequest(open, now, server)
  const headers = { location: interactionUrl(open, server), 'cache-control': 'no-store' }
  return new Response(null, { status: 303, headers })
}

/** Goes one step further, and on to the client when that was the last one. */
export async function proceed(
  open: OpenRequest<PendingRequest>,
  target: AuthorizationTarget,
  arrival: Arrival,
  server: ServerContext,
): Promise<Response> {
  const { client } = target
  try {
    const result = await advance(open, client, arrival, server)
    if (result instanceof Response) return result
    return await complete(open, client, target, result, arrival, server)
  } catch (error) {
    // A request that was answered with an error is over, too. The error counts, also when that cannot be stored.
    if (!(error instanceof PageError))
      await consumePendingRequest(open, arrival.now, server).catch(() => false)
    throw error
  }
}

/** Runs a step and tells the client of an `OAuthError` by redirect. */
export async function answer(
  target: AuthorizationTarget,
  arrival: Arrival,
  server: ServerContext,
  step: () => Promise<Response>,
): Promise<Response> {
  try {
    return await step()
  } catch (thrown) {
    if (thrown instanceof PageError) throw thrown
    const error = toOAuthError(thrown)
    const details = {
      clientId: target.client.client_id,
      ip: arrival.context.ip,
      reason: error.code,
      message: error.message,
    }
    // Who comes back from a provider has approved already; what failed there is told by its own event.
    if (error.code === 'access_denied' && arrival.returned === undefined)
      server.emit({ type: 'consent.denied', ...details })
    else
      server.emit({
        type: error.status >= 500 ? 'request.failed' : 'authorization.refused',
        ...details,
        cause: error.cause,
      })
    if (!(await mayRedirectError(target, arrival, server)))
      throw error.status >= 500 ? error : new PageError('invalid_link', error.code, error.message)
    const { issuer, pages } = server
    return errorResponse(target, error, { issuer, pages, http: arrival.http })
  }
}

/**
 * Whether an error may be sent to the client at once. A client that registered itself could otherwise use this server
 * as an open redirector for visitors who never signed in; an answer that stays on the user's machine is harmless.
 *
 * @see [RFC 9700 §4.11.2 - Authorization Server as Open Redirector](https://www.rfc-editor.org/rfc/rfc9700.html#section-4.11.2)
 */
async function mayRedirectError(
  { client, redirectUri }: AuthorizationTarget,
  arrival: Arrival,
  server: ServerContext,
): Promise<boolean> {
  if (client.verified || redirectUri.startsWith('http:')) return true
  // The user has just acted here, or has come back from where a form of ours led.
  if (arrival.form !== undefined || arrival.returned !== undefined) return true
  const cookie = readBrowserCookie(arrival.http, server)
  return cookie !== undefined && (await server.sessions.find(cookie, arrival.now)) !== undefined
}

async function readParameters(http: Request): Promise<RequestParameters> {
  const query = parseParameters(new URL(http.url).search)
  if (http.method !== 'POST') return query
  const form = parseParameters(await readFormText(http))
  // Two places for one parameter are two chances for a proxy and this server to read different requests.
  if (query.get('client_id') !== undefined)
    throw new PageError('invalid_link', 'invalid_request', 'parameters belong into the form')
  return form
}
