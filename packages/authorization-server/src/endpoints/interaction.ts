import type { RequestContext } from '@gatewright/core'
import { findClient } from '../clients/client-source.ts'
import { redirectUriMatcher } from '../clients/redirect-uri-matcher.ts'
import type { Arrival } from '../interaction/arrival.ts'
import { readBrowserCookie } from '../interaction/browser-cookie.ts'
import { isCsrfToken } from '../interaction/csrf-token.ts'
import { findPendingRequest } from '../interaction/pending-request.ts'
import type { OpenRequest, PendingRequest, PendingVisit } from '../interaction/pending-request.ts'
import { continueVisit } from '../interaction/visit.ts'
import type { AuthorizationTarget } from '../requests/authorization-target.ts'
import { PageError } from '../requests/page-error.ts'
import { readFormText } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import { answer, proceed } from './authorize.ts'

/** Where the login and consent pages post to, and where the browser comes back to between them. */
export async function interaction(
  http: Request,
  context: RequestContext,
  server: ServerContext,
): Promise<Response> {
  const now = server.now()
  const handle = new URL(http.url).searchParams.get('request') ?? ''
  const open = await findPendingRequest(handle, now, server)
  if (open === undefined) throw expired()
  if (http.method === 'HEAD') return new Response(null)
  const form = http.method === 'POST' ? new URLSearchParams(await readFormText(http)) : undefined
  if (form !== undefined && !(await isCsrfToken(form.get('csrf'), readBrowserCookie(http, server), handle)))
    throw new PageError('foreign_form', 'invalid_request', 'the form belongs to another session', 403)
  return resume(open, { http, context, form, now }, server)
}

/** Takes a pending request further, whatever it waits for. */
export async function resume(open: OpenRequest, arrival: Arrival, server: ServerContext): Promise<Response> {
  const { purpose } = open.request
  if (purpose === 'visit') return continueVisit(open as OpenRequest<PendingVisit>, arrival, server)
  if (purpose === 'authorize') return authorizeFurther(open as OpenRequest<PendingRequest>, arrival, server)
  const endpoint = server.options.endpoints.find(({ name }) => name === purpose)
  if (endpoint?.resume === undefined) throw expired()
  return endpoint.resume(open, arrival, server)
}

async function authorizeFurther(
  open: OpenRequest<PendingRequest>,
  arrival: Arrival,
  server: ServerContext,
): Promise<Response> {
  const target = await targetOf(open, server)
  return answer(target, arrival, server, () => proceed(open, target, arrival, server))
}

function expired(): PageError {
  return new PageError('expired', 'invalid_request', 'the request was answered or has expired')
}

/** The stored redirect URI, matched again: the client may have been changed or removed meanwhile. */
async function targetOf(
  { request }: OpenRequest<PendingRequest>,
  server: ServerContext,
): Promise<AuthorizationTarget> {
  const client = await findClient(request.clientId, server)
  const match = client === undefined ? undefined : redirectUriMatcher(client).match(request.redirectUri)
  if (client === undefined || match?.matched !== true)
    throw new PageError('unknown_app', 'invalid_client', 'the client is not registered any more')
  const { redirectUriSent, responseMode = 'query', state, uiLocales } = request
  const clientName = client.client_name ?? client.client_id
  return {
    client,
    clientName,
    redirectUri: match.redirectUri,
    redirectUriSent,
    responseMode,
    state,
    uiLocales,
  }
}
