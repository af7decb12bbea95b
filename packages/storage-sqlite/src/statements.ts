import { createReader } from './create-reader.ts'
import type { ReadStatement } from './create-reader.ts'
import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts'

/** The statements of one storage, prepared once. */
export interface Statements {
  /** key, now */
  readonly read: ReadStatement
  /** For a number of keys: all keys one after the other, now. Rows carry the position of their key. */
  readMany(count: number): ReadStatement
  /** key, value, revision, expires_at, sweep_at, now */
  readonly insert: SqliteStatement
  /** value, new revision, expires_at, key, revision, now, sweep_at; only where sweep_at stays as it is */
  readonly replaceInPlace: SqliteStatement
  /** value, new revision, expires_at, sweep_at, key, revision, now */
  readonly replace: SqliteStatement
  /** key, revision, now */
  readonly check: ReadStatement
  /** key */
  readonly remove: SqliteStatement
  /** key, revision, now */
  readonly removeUnchanged: SqliteStatement
  /** partition, collection, after, now, limit */
  readonly list: ReadStatement
  /** now, limit */
  readonly sweep: SqliteStatement
  /** Begins a transaction that reads. */
  readonly begin: () => void
  /** Begins a transaction that holds the write lock. Every write is in one, so this alone waits for the lock. */
  readonly beginImmediate: () => void
  readonly commit: () => void
  readonly rollback: () => void
}

/**
 * Prepares all statements on one table. Every write carries its condition, so one statement alone is atomic.
 *
 * What may wait for a lock and has no parameters is executed, never kept prepared: libsql does not reset a statement that met
 * one (see {@link createReader}).
 */
export function prepareStatements(database: SqliteDatabase, table: string): Statements {
  const key = 'partition = ? and collection = ? and id = ?'
  const alive = '(expires_at is null or expires_at > ?)'
  const many = new Map<number, ReadStatement>()
  const records = `"${table}"`
  const prepare = (sql: string) => database.prepare(sql)
  const reader = createReader(database)
  const begin = (sql: string) => () => {
    reader.settle()
    database.exec(sql)
  }

  function prepareMany(count: number): ReadStatement {
    const rows = Array.from({ length: count }, (_, position) => `(${position}, ?, ?, ?)`)
    // "cross join" fixes the order: the few wanted keys outside, one index search for each inside.
    return reader.prepare(
      `with wanted (position, p, c, i) as (values ${rows.join(', ')})
      select position, value, revision, expires_at from wanted cross join ${records}
      on partition = p and collection = c and id = i where ${alive}`,
    )
  }

  return {
    read: reader.prepare(`select value, revision, expires_at from ${records} where ${key} and ${alive}`),
    readMany(count) {
      const statement = many.get(count) ?? prepareMany(count)
      many.set(count, statement)
      return statement
    },
    insert: prepare(
      `insert into ${records} (partition, collection, id, value, revision, expires_at, sweep_at)
      values (?, ?, ?, ?, ?, ?, ?) on conflict (partition, collection, id) do update set
      value = excluded.value, revision = excluded.revision,
      expires_at = excluded.expires_at, sweep_at = excluded.sweep_at where expires_at <= ?`,
    ),
    replaceInPlace: prepare(
      `update ${records} set value = ?, revision = ?, expires_at = ?
      where ${key} and revision = ? and ${alive} and sweep_at is ?`,
    ),
    replace: prepare(
      `update ${records} set value = ?, revision = ?, expires_at = ?, sweep_at = ?
      where ${key} and revision = ? and ${alive}`,
    ),
    check: reader.prepare(`select 1 as holds from ${records} where ${key} and revision = ? and ${alive}`),
    remove: prepare(`delete from ${records} where ${key}`),
    removeUnchanged: prepare(`delete from ${records} where ${key} and revision = ? and ${alive}`),
    list: reader.prepare(
      `select id from ${records} where partition = ? and collection = ? and id > ? and ${alive} order by id limit ?`,
    ),
    sweep: prepare(
      `delete from ${records} where rowid in (select rowid from ${records} where sweep_at <= ? order by sweep_at limit ?)`,
    ),
    begin: begin('begin'),
    beginImmediate: begin('begin immediate'),
    commit: () => void database.exec('commit'),
    rollback: () => void database.exec('rollback'),
  }
}
