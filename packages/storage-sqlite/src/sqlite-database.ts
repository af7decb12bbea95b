/**
 * What this package needs of an open database. A `Database` of libsql or better-sqlite3, a `DatabaseSync` of
 * node:sqlite and a `Database` of bun:sqlite fit as they are.
 */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
}

/** A prepared statement, called with positional parameters. */
export interface SqliteStatement {
  run(...parameters: SqliteParameter[]): { changes: number | bigint }
  all(...parameters: SqliteParameter[]): unknown[]
}

/** What is bound to a statement. */
export type SqliteParameter = string | number | bigint | null
