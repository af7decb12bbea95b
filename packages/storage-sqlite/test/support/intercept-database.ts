import type { SqliteDatabase, SqliteStatement } from '@gatewright/storage-sqlite'

/** What to do to every call of a statement: by default, let it through. */
export interface Interception {
  run?(sql: string, call: () => { changes: number | bigint }): { changes: number | bigint }
  all?(sql: string, call: () => unknown[]): unknown[]
}

/** Wraps a database so that a test decides what its statements return or throw, as another driver would. */
export function interceptDatabase(database: SqliteDatabase, by: Interception): SqliteDatabase {
  return {
    exec: (sql) => database.exec(sql),
    prepare(sql): SqliteStatement {
      const statement = database.prepare(sql)
      return {
        run: (...parameters) =>
          by.run?.(sql, () => statement.run(...parameters)) ?? statement.run(...parameters),
        all: (...parameters) =>
          by.all?.(sql, () => statement.all(...parameters)) ?? statement.all(...parameters),
      }
    },
  }
}
