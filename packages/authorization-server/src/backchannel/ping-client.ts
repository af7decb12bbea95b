import type { Client } from '../clients/client.ts'
import { notificationFetch } from '../clients/client-notification.ts'
import type { ServerContext } from '../server-context.ts'
import type { PendingBackchannel } from './backchannel-request.ts'

/**
 * Tells a client that its user has answered, when it is registered for pings. Never fails: the client can ask by itself, and what
 * went wrong becomes an event. What the answer was, it does not say.
 *
 * @see [OpenID Connect CIBA Core 1.0 §10.2](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.10.2)
 */
export async function pingClient(
  { clientId, subject, ping }: PendingBackchannel,
  client: Client,
  server: ServerContext,
): Promise<void> {
  const url = client.backchannel_client_notification_endpoint
  if (ping === undefined || url === undefined) return
  const details = { clientId, subject }
  const type = 'backchannel_request.notification_failed'
  try {
    const response = await notificationFetch(client, server)(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${ping.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ auth_req_id: ping.authReqId }),
    })
    if (response.ok) server.emit({ type: 'backchannel_request.notified', ...details })
    else server.emit({ type, ...details, reason: `status ${response.status}` })
  } catch (cause) {
    server.emit({ type, ...details, reason: 'not_reached', cause })
  }
}
