import { notificationFetch } from '../clients/client-notification.ts'
import { findClient } from '../clients/client-source.ts'
import { backChannelProblem } from '../clients/logout-metadata.ts'
import type { SessionRecord } from '../interaction/session-store.ts'
import type { ServerContext } from '../server-context.ts'
import { mintLogoutToken } from './logout-token.ts'

/** Tells clients about the end of sessions. Pass it in the option `backChannelLogout`; metadata follows. */
export interface BackChannelLogout {
  /** What is wrong with the address that a client registers for it, or nothing. */
  problem(uri: string, chosenBy: 'operator' | 'stranger'): string | undefined
  /** Tells one client. It never fails: the session is over in any case. */
  notify(clientId: string, session: SessionRecord, now: number, server: ServerContext): Promise<void>
}

/**
 * Back-channel logout: clients that registered a `backchannel_logout_uri` are told there when a session ends.
 *
 * @see [OpenID Connect Back-Channel Logout 1.0 §2.5 - Back-Channel Logout Request](https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest)
 */
export function backChannelLogout(): BackChannelLogout {
  return { problem: backChannelProblem, notify: notifyClient }
}

/**
 * Tells a client that a session has ended, when it registered where it wants to hear that. Never fails: the session is over
 * in any case, and what went wrong becomes an event.
 */
async function notifyClient(
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
