import { sha256Base64url } from '@gatewright/core'
import type { Session, Subject } from '@gatewright/core'
import type { Key, Storage } from '@gatewright/storage'
import type { Partitions } from '../partitions.ts'

interface SessionRecord {
  readonly schema: 1
  readonly subject: string
  readonly authenticatedAt: number
  readonly amr?: readonly string[]
  readonly provider?: string
}

/** Remembers who is signed in at a browser. The browser holds the secret, the storage its hash. */
export interface SessionStore {
  find(secret: string, now: number): Promise<Session | undefined>
  start(secret: string, subject: Subject, now: number): Promise<Session>
  end(secret: string, now: number): Promise<void>
}

/** Keeps sessions in a storage for `lifetime` seconds after the login. */
export function createSessionStore(storage: Storage, partitions: Partitions, lifetime: number): SessionStore {
  const key = (sessionId: string): Key => ({
    partition: partitions.session(sessionId),
    collection: 'sessions',
    id: sessionId,
  })
  return {
    async find(secret, now) {
      const sessionId = await sha256Base64url(secret)
      const [stored] = await storage.get([key(sessionId)], now)
      if (stored === undefined) return undefined
      const { schema: _schema, ...subject } = stored.value as SessionRecord
      return { sessionId, ...subject }
    },
    async start(secret, subject, now) {
      const sessionId = await sha256Base64url(secret)
      const value = { schema: 1, ...subject }
      await storage.commit(
        [{ type: 'insert', key: key(sessionId), value, expiresAt: now + lifetime * 1000 }],
        now,
      )
      return { sessionId, ...subject }
    },
    async end(secret, now) {
      await storage.commit([{ type: 'delete', key: key(await sha256Base64url(secret)) }], now)
    },
  }
}
