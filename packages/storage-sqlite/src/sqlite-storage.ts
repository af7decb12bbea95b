import { verifyInstant, verifyKeyPart, verifyLimit } from '@gatewright/storage'
import type { Listing, Storage, Sweeper } from '@gatewright/storage'
import { commitOperations } from './commit-operations.ts'
import { createSchema } from './create-schema.ts'
import { inTransaction } from './in-transaction.ts'
import { readRecords } from './read-records.ts'
import { setUpConnection } from './set-up-connection.ts'
import type { Durability } from './set-up-connection.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { prepareStatements } from './statements.ts'
import type { Statements } from './statements.ts'
import { defaultTable, verifyTableName } from './table-name.ts'
import { withStorageErrors } from './to-storage-error.ts'

/** Options of {@link createSqliteStorage}. */
export interface SqliteStorageOptions {
  /**
   * An open connection, used by nothing else: a transaction that somebody else leaves open on it would swallow the
   * commits of the storage. It is never closed here.
   */
  readonly database: SqliteDatabase
  /**
   * Name of the table, created when it does not exist: letters, digits and underscores.
   *
   * @default 'gatewright_records'
   */
  readonly table?: string
  /**
   * What a commit survives. With `normal` (write-ahead log, `synchronous = NORMAL`) a power cut may undo the latest
   * commits: a used authorization code or a revoked grant of the last moment before it would be as before. With
   * `full` every commit waits for an fsync.
   *
   * @default 'normal'
   */
  readonly durability?: Durability
  /**
   * How long a call waits, in seconds, while another process writes, before it rejects with a `StorageError`
   * (`busy`). The drivers are synchronous: the process does nothing else meanwhile.
   *
   * @default 5
   */
  readonly busyTimeout?: number
}

/** Rows per statement of a sweep: about a millisecond of the write lock at a time. */
const step = 50

/**
 * Creates a storage in an SQLite database: one process or several on one machine, on one file.
 *
 * Sets the connection up (write-ahead log, waiting for locks), creates the table when it is not there, and prepares
 * its statements. All of that happens before it returns, as SQLite drivers are synchronous.
 *
 * @throws TypeError for a malformed option; the driver's error when the file cannot be used.
 * @example
 * ```ts
 * import Database from 'libsql'
 *
 * const storage = createSqliteStorage({ database: new Database('gatewright.db') })
 * ```
 * @see [SQLite - Write-Ahead Logging](https://www.sqlite.org/wal.html)
 */
export function createSqliteStorage(options: SqliteStorageOptions): Storage & Listing & Sweeper {
  const { database, table = defaultTable, durability = 'normal', busyTimeout = 5 } = options
  verifyTableName(table)
  if (durability !== 'normal' && durability !== 'full')
    throw new TypeError("durability is 'normal' or 'full'")
  // From 2^31 milliseconds on SQLite would not wait at all.
  if (!Number.isFinite(busyTimeout) || busyTimeout < 0 || busyTimeout > 2_000_000)
    throw new TypeError('busyTimeout must be a number of seconds, at most 2,000,000')

  const statements = withStorageErrors(() => {
    setUpConnection(database, durability, busyTimeout)
    for (const sql of createSchema(table)) database.exec(sql)
    return prepareStatements(database, table)
  })

  return {
    async get(keys, now) {
      return withStorageErrors(() => readRecords(statements, keys, now))
    },
    async commit(operations, now) {
      return withStorageErrors(() => commitOperations(statements, operations, now))
    },
    async list(partition, collection, { after, limit, now }) {
      verifyKeyPart('partition', partition)
      verifyKeyPart('collection', collection)
      if (after !== undefined) verifyKeyPart('after', after)
      verifyInstant('now', now)
      verifyLimit(limit)
      const rows = withStorageErrors(() => statements.list(partition, collection, after ?? '', now, limit))
      return rows.map((row) => (row as { id: string }).id)
    },
    async sweep({ now, limit }) {
      verifyInstant('now', now)
      verifyLimit(limit)
      return sweep(statements, now, limit)
    },
  }
}

async function sweep(statements: Statements, now: number, limit: number): Promise<number> {
  let total = 0
  for (;;) {
    const wanted = Math.min(step, limit - total)
    const begun = performance.now()
    const swept = withStorageErrors(() =>
      inTransaction(statements, statements.beginImmediate, () =>
        Number(statements.sweep.run(now, wanted).changes),
      ),
    )
    total += swept
    if (swept < wanted || total === limit) return total
    // Whoever waits for the lock only asks again every few milliseconds, and less often each time. Free for three quarters of the
    // time, it is had within a few of them.
    await new Promise((resolve) => setTimeout(resolve, 3 * (performance.now() - begun)))
  }
}
