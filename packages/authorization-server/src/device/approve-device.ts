import { formatScope, OAuthError } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { findClient } from '../clients/client-source.ts'
import type { Grant } from '../grants/grant.ts'
import { refreshTokenLifetime } from '../grants/refresh-token-lifetime.ts'
import { createGrantId } from '../grants/token-formats.ts'
import { advance } from '../interaction/advance.ts'
import type { Answer } from '../interaction/advance.ts'
import { recognize } from '../interaction/arrival.ts'
import type { Arrival } from '../interaction/arrival.ts'
import { consumePendingRequest } from '../interaction/pending-request.ts'
import type { OpenRequest, PendingApproval } from '../interaction/pending-request.ts'
import { requireProvider } from '../interaction/require-provider.ts'
import { PageError } from '../requests/page-error.ts'
import type { ServerContext } from '../server-context.ts'
import { changeDeviceRequest, findDeviceRequest } from './device-requests.ts'
import type { StoredDeviceRequest } from './device-requests.ts'

/** A device's request whose user code was entered, and which waits for the user's answer. */
export interface PendingDevice extends PendingApproval {
  readonly purpose: 'device'
  readonly deviceId: string
  /** The session in which the code was entered; no other can answer. */
  readonly sessionId: string
}

// A device that waits for its next turn to ask must not find the code expired that was approved in time.
const timeToCollect = 120_000

/** Asks the user what the device may do, and stores the answer for the device to fetch. */
export async function approveDevice(
  open: OpenRequest,
  arrival: Arrival,
  server: ServerContext,
): Promise<Response> {
  const pending = open as OpenRequest<PendingDevice>
  const { clientId } = pending.request
  const client = await findClient(clientId, server)
  if (client === undefined) throw gone()
  const { now, context } = arrival
  const { session } = await recognize(pending, arrival, server)
  // The device would otherwise act for whoever was made to open this page.
  if (session?.sessionId !== pending.request.sessionId) throw notYours()
  try {
    // Another login would be another session, and only the one in which the code was entered may answer.
    requireProvider(client.providers, session)
    const answer = await advance(pending, client, arrival, server)
    if (answer instanceof Response) return answer
    const device = await claim(pending, answer, now, server)
    await grantTo(device, pending, client, answer, arrival, server)
    return done(true, client.client_name ?? clientId, arrival, server)
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'access_denied' || error instanceof PageError)
      throw error
    const device = await findDeviceRequest(pending.request.deviceId, now, server)
    if (!(await consumePendingRequest(pending, now, server)) || device === undefined) throw gone()
    await changeDeviceRequest(device, { state: 'denied' }, now, server)
    server.emit({ type: 'consent.denied', clientId, ip: context.ip, message: error.message })
    return done(false, client.client_name ?? clientId, arrival, server)
  }
}

/** The device's request, when it still waits for the session in which its code was entered. */
async function claim(
  open: OpenRequest<PendingDevice>,
  { session }: Answer,
  now: number,
  server: ServerContext,
): Promise<StoredDeviceRequest> {
  const device = await findDeviceRequest(open.request.deviceId, now, server)
  if (device === undefined || device.value.state !== 'pending' || device.value.expiresAt <= now) throw gone()
  const { enteredBy } = device.value
  // The interaction may have signed somebody else in meanwhile, and the same user may have entered the code again elsewhere.
  if (enteredBy?.sessionId !== session.sessionId || enteredBy.subject !== session.subject) throw notYours()
  if (!(await consumePendingRequest(open, now, server))) throw gone()
  return device
}

async function grantTo(
  device: StoredDeviceRequest,
  { request }: OpenRequest<PendingDevice>,
  client: Client,
  { session, scopes }: Answer,
  { now, context }: Arrival,
  server: ServerContext,
): Promise<void> {
  const { clientId, requestedScope, resources } = request
  const { instance } = device.value
  const grantId = createGrantId(server.runtime)
  const expiresAt = Math.max(device.value.expiresAt, now + timeToCollect)
  const scope = formatScope(scopes)
  const declined = request.scopes.includes('offline_access') && !scopes.includes('offline_access')
  const grant: Grant = {
    schema: 1,
    clientId,
    subject: session.subject,
    scope,
    ...(declined ? { offlineDeclined: true } : {}),
    ...(requestedScope === scope ? {} : { requestedScope }),
    resources,
    authenticatedAt: session.authenticatedAt,
    createdAt: now,
    expiresAt: now + refreshTokenLifetime(client, server) * 1000,
    ...(session.amr === undefined ? {} : { amr: session.amr }),
    ...(session.provider === undefined ? {} : { provider: session.provider }),
    ...(session.acr === undefined ? {} : { acr: session.acr }),
    code: { hash: device.deviceId, expiresAt, ...(instance === undefined ? {} : { instance }) },
  }
  await server.grants.create(grantId, grant, expiresAt, now)
  // Written last: a grant that no device request names can be redeemed by nobody.
  if (!(await changeDeviceRequest(device, { state: 'approved', grantId, expiresAt }, now, server)))
    throw gone()
  const details = { clientId, subject: session.subject, grantId, ip: context.ip, scope }
  server.emit({ type: 'consent.approved', ...details })
}

function done(
  approved: boolean,
  clientName: string,
  { http }: Arrival,
  server: ServerContext,
): Promise<Response> {
  return server.pages.show('deviceDone', { approved, clientName }, { http })
}

function notYours(): PageError {
  return new PageError('taken_code', 'access_denied', 'the code was entered in another session', 403)
}

function gone(): PageError {
  return new PageError('expired', 'invalid_request', 'the code was answered or has expired')
}
