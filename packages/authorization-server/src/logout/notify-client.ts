import { notificationFetch } from '../clients/client-notification.ts'
import { findClient } from '../clients/client-source.ts'
import type { SessionRecord } from '../interaction/session-store.ts'
import type { ServerContext } from '../server-context.ts'
import { mintLogoutToken } from './logout-token.ts'

/**
 * Tells a client that a session has ended, when it registered where it wants to hear that. Never fails: the session is over
 * in any case, and what went wrong becomes an event.
 *
 * @see [OpenID Connect Back-Channel Logout 1.0 §2.5 - Back-Channel Logout Request](https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest)
 */
export async function notifyClient(
  clientId: string,
  { subject, sid }: SessionRecord,
  now: number,
  server: ServerContext,
): Promise<void> {
  const details = { clientId, subject }
  try {
    const client = await findClient(clientId, server)
    const url = client?.backchannel_logout_uri
    if (client === undefined || url === undefined) return
    const token = await mintLogoutToken({ client, subject, sid }, now, server)
    const response = await notificationFetch(client, server)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
    })
    if (response.ok) server.emit({ type: 'logout.notified', ...details })
    else server.emit({ type: 'logout.notification_failed', ...details, reason: `status ${response.status}` })
  } catch (cause) {
    server.emit({ type: 'logout.notification_failed', ...details, reason: 'not_reached', cause })
  }
}
