import { verifyInstant, verifyKeyPart, verifyLimit } from '@gatewright/storage'
import type { Listing, Storage, Sweeper } from '@gatewright/storage'
import { commitOperations } from './commit-operations.ts'
import { createExecutor } from './create-executor.ts'
import type { PostgresClient } from './postgres-client.ts'
import { readRecords } from './read-records.ts'
import { createSendStatement } from './send-statement.ts'
import type { SendStatement } from './send-statement.ts'
import { writeStatements } from './statements.ts'
import type { Statements } from './statements.ts'
import { defaultTable } from './table-name.ts'

/** Options of {@link createPostgresStorage}. */
export interface PostgresStorageOptions {
  /**
   * A `Pool` of pg, a `sql` function of postgres.js or a PGlite, connected to the primary: a standby may still show a
   * code as unused or a grant as alive. It may be shared with other code and is never closed here. Each call uses one
   * connection at a time, so a pool of one is enough to work.
   */
  readonly client: PostgresClient
  /**
   * Name of the table that {@link migrate} created, with or without a schema (`auth.records`): letters, digits and
   * underscores.
   *
   * @default 'gatewright_records'
   */
  readonly table?: string
  /**
   * Whether connections keep the statements prepared. Switch it off behind a PgBouncer in transaction mode that does
   * not follow prepared statements (before 1.21, or with `max_prepared_statements = 0`).
   *
   * @default true
   */
  readonly preparedStatements?: boolean
  /**
   * How long a call waits, in seconds, for a connection and the answer together, before it rejects with a
   * `StorageError` (`busy`). Let the client wait no longer than that for a connection (`connectionTimeoutMillis` of
   * pg), so that no commit is sent after it was reported as failed.
   *
   * @default 5
   */
  readonly timeout?: number
}

/** Rows per statement of a sweep: some milliseconds each. */
const step = 500

/**
 * Creates a storage in a PostgreSQL database (13 or newer) for any number of processes. The table must be there:
 * call {@link migrate} first. Nothing is sent before the first call of a method.
 *
 * `get` and `commit` are one statement each, so one round trip, without a transaction around it. Right under any
 * isolation level; READ COMMITTED, the default, is the fast one. What the server undoes because of others
 * (serialization failure, deadlock) is sent again, up to three times.
 *
 * A server that is busy, restarting or cannot be reached is a `StorageError`. When the connection or the time ran out
 * under a `commit`, the commit may have happened or not, as with any lost answer: read again.
 *
 * @throws TypeError for a malformed option.
 * @example
 * ```ts
 * import pg from 'pg'
 *
 * const client = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * await migrate(client)
 * const storage = createPostgresStorage({ client })
 * ```
 * @see [PostgreSQL - Read Committed](https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED)
 */
export function createPostgresStorage(options: PostgresStorageOptions): Storage & Listing & Sweeper {
  const { client, table = defaultTable, preparedStatements = true, timeout = 5 } = options
  if (!Number.isFinite(timeout) || timeout <= 0 || timeout > 2_000_000)
    throw new TypeError('timeout must be a positive number of seconds')
  if (typeof preparedStatements !== 'boolean') throw new TypeError('preparedStatements must be true or false')
  const statements = writeStatements(table)
  const milliseconds = Math.ceil(timeout * 1000)
  const send = createSendStatement(client, { preparedStatements, timeout: milliseconds })
  const execute = createExecutor(send, milliseconds)

  return {
    get: (keys, now) => readRecords(execute, statements, keys, now),
    commit: (operations, now) => commitOperations(execute, statements, operations, now),
    async list(partition, collection, { after, limit, now }) {
      verifyKeyPart('partition', partition)
      verifyKeyPart('collection', collection)
      if (after !== undefined) verifyKeyPart('after', after)
      verifyInstant('now', now)
      verifyLimit(limit)
      const rows = await execute(statements.list, [partition, collection, after ?? '', now, limit])
      return rows.map((row) => (row as { dotted: string }).dotted.slice(1))
    },
    async sweep({ now, limit }) {
      verifyInstant('now', now)
      verifyLimit(limit)
      return sweep(execute, statements, now, limit)
    },
  }
}

async function sweep(
  execute: SendStatement,
  statements: Statements,
  now: number,
  limit: number,
): Promise<number> {
  let total = 0
  for (;;) {
    const wanted = Math.min(step, limit - total)
    const { length } = await execute(statements.sweep, [now, wanted])
    total += length
    if (length < wanted || total >= limit) return total
  }
}
