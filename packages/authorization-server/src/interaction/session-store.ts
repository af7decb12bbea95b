import { encodeBase64url, sha256Base64url } from '@gatewright/core'
import type { Login, Runtime, Session } from '@gatewright/core'
import type { Key, Listing, Operation, Storage, Stored } from '@gatewright/storage'
import { sealLogoutUrl } from '../logout/logout-url.ts'
import type { Partitions } from '../partitions.ts'
import { listAll } from './list-all.ts'
import { withParticipant } from './session-participants.ts'
import type { SessionParticipants } from './session-participants.ts'

/** What is kept of a session. The browser holds its secret, the storage the hash of it. */
export interface SessionRecord extends SessionParticipants {
  readonly schema: 1
  readonly sid: string
  readonly subject: string
  readonly authenticatedAt: number
  readonly amr?: readonly string[]
  readonly acr?: string
  readonly provider?: string
  /** Where the browser goes to sign out at the provider, sealed under the secret of the session. */
  readonly logoutUrl?: string
}

/** Remembers who is signed in at a browser. */
export interface SessionStore {
  find(secret: string, now: number): Promise<Session | undefined>
  /** Starts a session. A user who signs in once more goes on with the session before, under a new secret. */
  start(secret: string, login: Login, now: number, before?: SessionRecord): Promise<Session>
  /** Takes a session away. What it was, or `undefined` when there is none. Of several who do so at once, one gets it. */
  end(sessionId: string, now: number): Promise<SessionRecord | undefined>
  /** Notes that a client was told about the session, and the grant that ends with it. `false` when the session is over. */
  join(sessionId: string, clientId: string, grantId: string | undefined, now: number): Promise<boolean>
  /** The live sessions of a user. @throws {TypeError} when the storage cannot list */
  listBySubject(subject: string, now: number): Promise<Session[]>
}

const rounds = 5

/** Keeps sessions in a storage for `lifetime` seconds after the login. */
export function createSessionStore(
  storage: Storage & Partial<Listing>,
  partitions: Partitions,
  lifetime: number,
  runtime: Runtime,
): SessionStore {
  const key = (sessionId: string): Key => ({
    partition: partitions.session(sessionId),
    collection: 'sessions',
    id: sessionId,
  })
  const indexKey = async (subject: string, sessionId: string): Promise<Key> => ({
    partition: await partitions.subject(subject),
    collection: 'sessions',
    id: sessionId,
  })
  async function read(sessionId: string, now: number): Promise<Stored<SessionRecord> | undefined> {
    return (await storage.get([key(sessionId)], now))[0] as Stored<SessionRecord> | undefined
  }

  return {
    async find(secret, now) {
      const sessionId = await sha256Base64url(secret)
      const stored = await read(sessionId, now)
      return stored === undefined ? undefined : toSession(sessionId, stored.value)
    },
    async start(secret, { logoutUrl, ...subject }, now, before) {
      const sessionId = await sha256Base64url(secret)
      const record: SessionRecord = {
        schema: 1,
        sid: encodeBase64url(runtime.randomBytes(16)),
        // Who signs in once more stays known to the clients by the same id, so that a logout still reaches them.
        ...(before?.subject === subject.subject ? { sid: before.sid, clients: before.clients ?? {} } : {}),
        ...subject,
        ...(logoutUrl === undefined ? {} : { logoutUrl: await sealLogoutUrl(logoutUrl, secret) }),
      }
      const expiresAt = now + lifetime * 1000
      const index = await indexKey(subject.subject, sessionId)
      await storage.commit([{ type: 'insert', key: index, value: { schema: 1 }, expiresAt }], now)
      await storage.commit([{ type: 'insert', key: key(sessionId), value: toValue(record), expiresAt }], now)
      return toSession(sessionId, record)
    },
    async end(sessionId, now) {
      for (let round = 0; round < rounds; round++) {
        const stored = await read(sessionId, now)
        if (stored === undefined) return undefined
        const { revision, value } = stored
        if (!(await storage.commit([{ type: 'delete', key: key(sessionId), revision }], now))) continue
        await storage.commit([{ type: 'delete', key: await indexKey(value.subject, sessionId) }], now)
        return value
      }
      throw new Error('a session keeps changing while it is being ended')
    },
    async join(sessionId, clientId, grantId, now) {
      for (let round = 0; round < rounds; round++) {
        const stored = await read(sessionId, now)
        if (stored === undefined) return false
        const { key, revision, expiresAt, value } = stored
        const joined = withParticipant(value, clientId, grantId)
        if (joined === value) return true
        const operation: Operation = { type: 'replace', key, revision, value: toValue(joined), expiresAt }
        if (await storage.commit([operation], now)) return true
      }
      throw new Error('a session keeps changing while a client joins it')
    },
    async listBySubject(subject, now) {
      const partition = await partitions.subject(subject)
      const ids = await listAll(storage, partition, 'sessions', now)
      const records = ids.length === 0 ? [] : await storage.get(ids.map(key), now)
      return records.flatMap((stored, index) =>
        stored === undefined ? [] : [toSession(ids[index] ?? '', stored.value as SessionRecord)],
      )
    },
  }
}

function toValue(record: SessionRecord) {
  return JSON.parse(JSON.stringify(record))
}

function toSession(
  sessionId: string,
  { schema: _schema, clients: _clients, logoutUrl: _logoutUrl, ...session }: SessionRecord,
): Session {
  return { sessionId, ...session }
}
