import { verifyInstant, verifyKeyPart, verifyKeys, verifyLimit } from '@gatewright/storage'
import type { Key, Listing, Storage, Stored, Sweeper } from '@gatewright/storage'
import { toStored } from '../read-records.ts'
import type { Row } from '../read-records.ts'
import { defaultTable, verifyTableName } from '../table-name.ts'
import { commitBatch } from './commit-batch.ts'
import { createSendBatch } from './create-send-batch.ts'
import type { SendBatch } from './create-send-batch.ts'
import type { D1Database } from './d1-database.ts'
import { writeD1Statements } from './d1-statements.ts'

/** Options of {@link createD1Storage}. */
export interface D1StorageOptions {
  /**
   * The binding itself (`env.DB`), whose queries all go to the primary. A session (`withSession`) is refused: it may
   * read from a replica, which may still show a code as unused or a grant as alive.
   */
  readonly database: D1Database
  /**
   * Name of the table that {@link migrate} created: letters, digits and underscores.
   *
   * @default 'gatewright_records'
   */
  readonly table?: string
  /**
   * How long a call waits for an answer, in seconds, before it rejects with a `StorageError` (`busy`).
   *
   * @default 5
   */
  readonly timeout?: number
}

/** Rows per statement of a sweep. */
const step = 500

/**
 * Creates a storage in a D1 database. The table must be there: call {@link migrate} first. Nothing is sent before the
 * first call of a method.
 *
 * `get` is one statement, `commit` one batch of two to five, which D1 runs as one transaction; each is one round trip.
 * When the connection or the time ran out under a `commit`, the commit may have happened or not: read again.
 *
 * @throws TypeError for a malformed option, and for a session instead of a database.
 * @example
 * <!-- prelude
 * declare const env: { DB: D1Database }
 * -->
 * ```ts
 * const storage = createD1Storage({ database: env.DB })
 * ```
 * @see [Cloudflare D1 - Batch statements](https://developers.cloudflare.com/d1/worker-api/d1-database/#batch)
 */
export function createD1Storage(options: D1StorageOptions): Storage & Listing & Sweeper {
  const { database, table = defaultTable, timeout = 5 } = options
  verifyTableName(table)
  if (!Number.isFinite(timeout) || timeout <= 0 || timeout > 2_000_000)
    throw new TypeError('timeout must be a positive number of seconds')
  if ('getBookmark' in database)
    throw new TypeError('database must be the binding itself: a session may read from a replica')
  const statements = writeD1Statements(table)
  const send = createSendBatch(database, Math.ceil(timeout * 1000))

  return {
    get: (keys, now) => read(send, statements.read, keys, now),
    commit: (operations, now) => commitBatch(send, statements, operations, now),
    async list(partition, collection, { after, limit, now }) {
      verifyKeyPart('partition', partition)
      verifyKeyPart('collection', collection)
      if (after !== undefined) verifyKeyPart('after', after)
      verifyInstant('now', now)
      verifyLimit(limit)
      const values = [partition, collection, after ?? '', now, limit]
      const [page] = await send([{ sql: statements.list, values }])
      return (page?.results ?? []).map((row) => (row as { id: string }).id)
    },
    async sweep({ now, limit }) {
      verifyInstant('now', now)
      verifyLimit(limit)
      for (let total = 0; ;) {
        const wanted = Math.min(step, limit - total)
        const [swept] = await send([{ sql: statements.sweep, values: [now, wanted] }])
        const changes = swept?.meta.changes ?? 0
        total += changes
        if (changes < wanted || total >= limit) return total
      }
    },
  }
}

async function read(
  send: SendBatch,
  sql: string,
  keys: readonly Key[],
  now: number,
): Promise<(Stored | undefined)[]> {
  verifyKeys(keys)
  verifyInstant('now', now)
  const wanted = keys.map(({ partition, collection, id }) => ({ partition, collection, id }))
  const found: (Stored | undefined)[] = wanted.map(() => undefined)
  if (wanted.length === 0) return found
  const [answer] = await send([{ sql, values: [JSON.stringify(wanted), now] }])
  for (const row of (answer?.results ?? []) as Row[]) {
    const position = Number(row.position)
    const key = wanted[position]
    if (key !== undefined) found[position] = toStored(key, row)
  }
  return found
}
