import type { ServerContext } from '../server-context.ts'
import { recognize } from './arrival.ts'
import type { Arrival } from './arrival.ts'
import { consumePendingRequest, pendingRequestLifetime } from './pending-request.ts'
import type { OpenRequest, PendingVisit } from './pending-request.ts'
import { signIn } from './sign-in.ts'

/** Starts the login of a user who opened one of the server's own pages, and comes back to it. */
export function visit(endpoint: string, arrival: Arrival, server: ServerContext): Promise<Response> {
  const request: PendingVisit = {
    schema: 1,
    purpose: 'visit',
    endpoint,
    query: new URL(arrival.http.url).search,
    expiresAt: arrival.now + pendingRequestLifetime,
  }
  return continueVisit({ handle: server.secret(), request }, arrival, server)
}

/** Signs the user in, and sends the browser to the page when that is done. */
export async function continueVisit(
  open: OpenRequest<PendingVisit>,
  arrival: Arrival,
  server: ServerContext,
): Promise<Response> {
  const { endpoint, query, expiresAt } = open.request
  const { productName, sessionLifetime } = server.options
  const described = {
    productName,
    client: { client_id: server.issuer, client_name: productName, verified: true },
    scopes: [],
    resources: [],
    details: [],
    lifetime: sessionLifetime,
    consentRequired: false,
    expiresAt,
  }
  const session = await signIn(open, described, await recognize(open, arrival, server), arrival, server)
  if (session instanceof Response) return session
  await consumePendingRequest(open, arrival.now, server)
  const headers = { location: server.urls.url(endpoint) + query, 'cache-control': 'no-store' }
  return new Response(null, { status: 303, headers })
}
