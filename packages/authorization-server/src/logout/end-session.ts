import type { RequestContext } from '@gatewright/core'
import type { SessionRecord } from '../interaction/session-store.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * Ends a session: its cookie stops to count, grants that stand on it end, and its clients are told. What it was, or
 * `undefined` when there was none.
 *
 * A grant stands on the session when it is for `openid` and lacks `offline_access`. An app that was merely allowed to do
 * something keeps that until the user disconnects it.
 *
 * @param waiting a browser that is not kept waiting for the provider
 * @see [OpenID Connect Back-Channel Logout 1.0 §2.7 - Back-Channel Logout Actions](https://openid.net/specs/openid-connect-backchannel-1_0.html#BCActions)
 */
export async function endSession(
  sessionId: string,
  now: number,
  server: ServerContext,
  waiting?: RequestContext,
): Promise<SessionRecord | undefined> {
  const record = await server.sessions.end(sessionId, now)
  if (record === undefined) return undefined
  server.emit({ type: 'session.ended', subject: record.subject })
  await settleSession(record, now, server, waiting)
  return record
}

/** Does what follows from the end of a session that was taken away. */
export async function settleSession(
  record: SessionRecord,
  now: number,
  server: ServerContext,
  waiting?: RequestContext,
): Promise<void> {
  const clients = Object.entries(record.clients ?? {})
  // The grants first: when a client hears of it, nothing of them works any more.
  await Promise.all(
    clients.flatMap(([clientId, grants]) =>
      grants.map((grantId) => endGrant(grantId, clientId, record.subject, now, server)),
    ),
  )
  const { backChannelLogout, lastLogout } = server.options
  const settled = lastLogout?.(record, now, server) ?? Promise.resolve()
  waiting?.waitUntil?.(settled)
  await Promise.all(
    clients.map(async ([clientId]) => backChannelLogout?.notify(clientId, record, now, server)),
  )
  if (waiting === undefined) await settled
}

async function endGrant(
  grantId: string,
  clientId: string,
  subject: string,
  now: number,
  server: ServerContext,
): Promise<void> {
  const stored = await server.grants.read(grantId, now)
  if (stored === undefined || !(await server.grants.revoke(stored, now))) return
  server.emit({ type: 'grant.revoked', clientId, subject, grantId, reason: 'logout' })
}
