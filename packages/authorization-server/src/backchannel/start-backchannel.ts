import { formatScope, OAuthError } from '@gatewright/core'
import type { AuthenticatedClient } from '../client-authentication/authenticated-client.ts'
import { storePendingRequest } from '../interaction/pending-request.ts'
import type { OpenRequest } from '../interaction/pending-request.ts'
import {
  findPolledRequest,
  newPolledCode,
  polledRequest,
  storePolledRequest,
} from '../polling/polled-request.ts'
import { denyPolled } from '../polling/settle-polled.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import { requestedAccess } from '../requests/requested-access.ts'
import type { RequestedAccess } from '../requests/requested-access.ts'
import type { ServerContext } from '../server-context.ts'
import type { ResolvedCibaOptions } from './backchannel-authentication.ts'
import { backchannelParameters } from './backchannel-parameters.ts'
import { backchannelPurpose, describeBackchannel } from './backchannel-request.ts'
import type { PendingBackchannel } from './backchannel-request.ts'
import { cibaKind } from './ciba-kind.ts'
import { readHint } from './read-hint.ts'

/** Checks a request, stores it, and asks the user. */
export async function startBackchannel(
  parameters: RequestParameters,
  client: AuthenticatedClient,
  ip: string | undefined,
  options: ResolvedCibaOptions,
  server: ServerContext,
): Promise<{ readonly authReqId: string; readonly lifetime: number }> {
  const now = server.now()
  const access = accessWithIdentity(parameters, client, server)
  const { lifetime, notificationToken, bindingMessage, acrValues } = backchannelParameters(
    parameters,
    client,
    options.lifetime,
  )
  const subject = await readHint(parameters, client, options, server)
  // Each request rings at the user's device, and somebody who is rung at often enough approves to have peace.
  await server.limitRate('backchannel', subject)
  const { code: authReqId, reference } = await newPolledCode(server)
  const polled = { ...polledRequest(client, access, now + lifetime * 1000), answerer: { subject } }
  const { clientId, requestedScope, scopes, resources, expiresAt } = polled
  const open: OpenRequest<PendingBackchannel> = {
    handle: server.secret(),
    request: {
      schema: 1,
      purpose: backchannelPurpose,
      clientId,
      requestedScope,
      scopes,
      resources,
      polled: reference,
      subject,
      bindingMessage,
      acrValues,
      ping: notificationToken === undefined ? undefined : { authReqId, token: notificationToken },
      expiresAt,
    },
  }
  await storePendingRequest(open, now, server)
  await storePolledRequest(cibaKind, reference, polled, now, server)
  try {
    await options.notifyUser(describeBackchannel(open, client, server))
  } catch (error) {
    // Part of it may have gone out, and nobody waits for the answer any more.
    const stored = await findPolledRequest(cibaKind, reference, now, server)
    const message = 'the user could not be asked'
    if (stored !== undefined) await denyPolled(stored, { ip, message }, now, server)
    throw error
  }
  const told = { clientId, subject, ip, scope: formatScope(scopes) }
  server.emit({ type: 'backchannel_request.issued', ...told })
  return { authReqId, lifetime }
}

function accessWithIdentity(
  parameters: RequestParameters,
  client: AuthenticatedClient,
  server: ServerContext,
): RequestedAccess {
  if (parameters.get('scope') === undefined)
    throw new OAuthError('invalid_request', 'the parameter scope is missing')
  const access = requestedAccess(parameters, client, server)
  if (!access.scopes.includes('openid'))
    throw new OAuthError('invalid_scope', 'scope must contain openid, and the client must be allowed it')
  return access
}
