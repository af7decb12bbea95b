import { constantTimeEqual, sha256Base64url } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import { leave } from '../interaction/leave.ts'
import { readTripCookie } from '../interaction/trip-cookie.ts'
import { findTrip } from '../interaction/trip-store.ts'
import type { Trip } from '../interaction/trip-store.ts'
import { findPendingRequest } from '../interaction/pending-request.ts'
import { parseParameters } from '../requests/request-parameters.ts'
import { PageError } from '../requests/page-error.ts'
import type { ServerContext } from '../server-context.ts'
import type { Endpoint } from './endpoint.ts'
import { resume } from './interaction.ts'
import { signedOut } from './signed-out.ts'

const name = 'callback'

const invalid = (message = 'the state is unknown, was used before or has expired') =>
  new PageError('invalid_sign_in', 'invalid_request', message)

/**
 * Logins at providers: the way there, and where a provider sends the browser back to. There is one URL per provider, so that no
 * provider can pass off the answer of another as its own.
 *
 * @see [RFC 9700 §4.4.2.2 - Mix-Up Defense via Distinct Redirect URIs](https://www.rfc-editor.org/rfc/rfc9700.html#section-4.4.2.2)
 */
export function providerLogins(): Endpoint {
  return {
    name,
    path: '/callback',
    below: ({ interaction }) => interaction.providers ?? [],
    methods: ['GET'],
    page: true,
    answer,
    leave,
    endpoints: [signedOut()],
  }
}

async function answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response> {
  if (http.method === 'HEAD') return new Response(null)
  const provider = new URL(http.url).pathname.slice(server.urls.path(name).length + 1)
  const now = server.now()
  const { trip, open } = await findLogin(provider, http, now, server).catch((thrown: unknown) => {
    if (thrown instanceof PageError) {
      const { kind: reason, message } = thrown
      server.emit({ type: 'login.failed', ip: context.ip, provider, reason, message })
    }
    throw thrown
  })
  const { pending, approved } = trip
  const returned = { parameters: new URL(http.url).searchParams, pending }
  return resume(open, { http, context, now, returned, approved }, server)
}

async function findLogin(provider: string, http: Request, now: number, server: ServerContext) {
  const trip = await endTrip(provider, http, now, server)
  const open = await findPendingRequest(trip.handle, now, server)
  if (open === undefined) throw invalid()
  return { trip, open }
}

/** Finds the trip that ends here and takes it away. Nothing that another browser sends can use it up. */
async function endTrip(provider: string, http: Request, now: number, server: ServerContext): Promise<Trip> {
  const parameters = parseParameters(new URL(http.url).search)
  const [repeated] = parameters.repeated
  if (repeated !== undefined) throw invalid('a parameter is repeated')
  if (parameters.get('code') !== undefined && parameters.get('error') !== undefined)
    throw invalid('there is both a code and an error')
  const found = await findTrip(parameters.get('state') ?? '', now, server)
  if (found === undefined || found.trip.pending.provider !== provider) throw invalid()
  const cookie = readTripCookie(http, server)
  // The attacker's own answer, sent to a victim, would sign the victim in as the attacker.
  if (cookie === undefined || !constantTimeEqual(await sha256Base64url(cookie), found.trip.browser))
    throw invalid('the sign-in was started in another browser')
  if (!(await found.consume())) throw invalid()
  return found.trip
}
