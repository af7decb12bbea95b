import { sha256Base64url } from '@gatewright/core'
import type { Session } from '@gatewright/core'
import { listAll } from '../interaction/list-all.ts'
import { endSession } from '../logout/end-session.ts'
import type { ServerContext } from '../server-context.ts'
import type { GrantAdministration } from './grant-administration.ts'

/** What an administrator does about users. These are functions: protecting whoever calls them is the caller's job. */
export interface UserAdministration {
  /** The live sessions of a user. @throws {TypeError} when the storage cannot list */
  sessions(subject: string): Promise<Session[]>
  /**
   * Ends a session, named by its `sid`, with everything that a logout ends. `false` when the user has none of that name.
   *
   * @throws {TypeError} when the storage cannot list
   */
  endSession(sid: string, of: { readonly subject: string }): Promise<boolean>
  /**
   * Ends all sessions of a user and all that the user approved: for a changed password or a lost device.
   *
   * @param keep.grants whether apps keep their access @default false
   * @throws {TypeError} when the storage cannot list
   */
  signOut(subject: string, keep?: { readonly grants?: boolean }): Promise<void>
  /**
   * Erases what the server keeps of a user: sessions, grants with all their tokens, and remembered consents. Do it after the
   * user cannot log in any more.
   *
   * Audit events that were emitted before are yours. `onLastLogout` is called for each provider that a session or a grant
   * still named; tokens of others that you keep are yours, too.
   *
   * @throws {TypeError} when the storage cannot list
   */
  erase(subject: string): Promise<void>
}

/** The administration of one server's users. */
export function createUserAdministration(
  context: () => Promise<ServerContext>,
  grants: GrantAdministration,
): UserAdministration {
  async function endSessions(subject: string, server: ServerContext): Promise<void> {
    const now = server.now()
    for (const { sessionId } of await server.sessions.listBySubject(subject, now))
      await endSession(sessionId, now, server)
  }
  /** Ends all sessions and all grants; then nothing of the logins at providers is left. */
  async function endAll(subject: string, reason: string, server: ServerContext): Promise<void> {
    await endSessions(subject, server)
    const lasting = await grants.list({ subject })
    await grants.revokeAll({ subject }, reason)
    for (const provider of new Set(lasting.map((grant) => grant.provider)))
      await server.options.lastLogout?.({ subject, provider }, server.now(), server)
  }
  return {
    async sessions(subject) {
      const server = await context()
      return server.sessions.listBySubject(subject, server.now())
    },
    async endSession(sid, { subject }) {
      const server = await context()
      const now = server.now()
      const found = (await server.sessions.listBySubject(subject, now)).filter(
        (session) => session.sid === sid,
      )
      const ended = await Promise.all(found.map(({ sessionId }) => endSession(sessionId, now, server)))
      return ended.some((record) => record !== undefined)
    },
    async signOut(subject, keep = {}) {
      const server = await context()
      if (keep.grants === true) await endSessions(subject, server)
      else await endAll(subject, 'signed_out', server)
    },
    async erase(subject) {
      const server = await context()
      await endAll(subject, 'user_erased', server)
      const now = server.now()
      const partition = await server.partitions.subject(subject)
      for (const collection of ['consents', 'grants', 'sessions'])
        for (const id of await listAll(server.storage, partition, collection, now))
          await server.storage.commit([{ type: 'delete', key: { partition, collection, id } }], now)
      server.emit({ type: 'user.erased', subject: await sha256Base64url(subject) })
    },
  }
}
