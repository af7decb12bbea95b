import type { SqliteDatabase, SqliteParameter } from './sqlite-database.ts'
import { isBusy } from './to-storage-error.ts'

/** A prepared statement that reads; returns its rows. */
export type ReadStatement = (...parameters: SqliteParameter[]) => unknown[]

/** Prepares the statements of one connection that read. */
export interface Reader {
  prepare(sql: string): ReadStatement
  /** Comes before whatever else is executed on the connection. Throws as long as the lock is held that a read has met. */
  settle(): void
}

/**
 * Makes sure that a read which met a lock leaves nothing behind.
 *
 * libsql does not reset a prepared statement that met one. As long as it stands there so, what the connection reads next stays its
 * snapshot for ever: it would not see a token revoked by another process, and write nothing. So that read is repeated before
 * anything else, which resets it, and what it finds is thrown away. The driver's `get` is never called: of a statement that
 * stands it answers for the parameters of before, with the record of another key.
 */
export function createReader(database: SqliteDatabase): Reader {
  let standing: (() => unknown) | undefined

  function settle(): void {
    standing?.()
    standing = undefined
  }

  return {
    settle,
    prepare(sql) {
      const statement = database.prepare(sql)
      return (...parameters) => {
        settle()
        try {
          return statement.all(...parameters)
        } catch (error) {
          if (isBusy(error)) standing = () => statement.all(...parameters)
          throw error
        }
      }
    },
  }
}
