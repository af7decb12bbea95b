import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts'

/** The statements of one storage, prepared once. */
export interface Statements {
  /** key, now */
  readonly read: SqliteStatement
  /** For a number of keys: all keys one after the other, now. Rows carry the position of their key. */
  readMany(count: number): SqliteStatement
  /** key, value, revision, expires_at, sweep_at, now */
  readonly insert: SqliteStatement
  /** value, new revision, expires_at, key, revision, now, sweep_at; only where sweep_at stays as it is */
  readonly replaceInPlace: SqliteStatement
  /** value, new revision, expires_at, sweep_at, key, revision, now */
  readonly replace: SqliteStatement
  /** key, revision, now */
  readonly check: SqliteStatement
  /** key */
  readonly remove: SqliteStatement
  /** key, revision, now */
  readonly removeUnchanged: SqliteStatement
  /** partition, collection, after, now, limit */
  readonly list: SqliteStatement
  /** now, limit */
  readonly sweep: SqliteStatement
  /** Begins a transaction that reads. */
  readonly begin: () => void
  /**
   * Begins a transaction that holds the write lock; every write is in one, so this alone waits for the lock.
   *
   * It is not kept prepared: libsql does not reset a statement that met the lock, and as long as one stands there so, what the
   * connection reads next stays its snapshot for ever. It would never see a token revoked by another process, and write nothing.
   */
  readonly beginImmediate: () => void
  readonly commit: SqliteStatement
  readonly rollback: SqliteStatement
}

/** Prepares all statements on one table. Every write carries its condition, so one statement alone is atomic. */
export function prepareStatements(database: SqliteDatabase, table: string): Statements {
  const key = 'partition = ? and collection = ? and id = ?'
  const alive = '(expires_at is null or expires_at > ?)'
  const many = new Map<number, SqliteStatement>()
  const records = `"${table}"`
  const prepare = (sql: string) => database.prepare(sql)

  function prepareMany(count: number): SqliteStatement {
    const rows = Array.from({ length: count }, (_, position) => `(${position}, ?, ?, ?)`)
    // "cross join" fixes the order: the few wanted keys outside, one index search for each inside.
    return prepare(
      `with wanted (position, p, c, i) as (values ${rows.join(', ')})
      select position, value, revision, expires_at from wanted cross join ${records}
      on partition = p and collection = c and id = i where ${alive}`,
    )
  }

  return {
    read: prepare(`select value, revision, expires_at from ${records} where ${key} and ${alive}`),
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
    check: prepare(`select 1 as holds from ${records} where ${key} and revision = ? and ${alive}`),
    remove: prepare(`delete from ${records} where ${key}`),
    removeUnchanged: prepare(`delete from ${records} where ${key} and revision = ? and ${alive}`),
    list: prepare(
      `select id from ${records} where partition = ? and collection = ? and id > ? and ${alive} order by id limit ?`,
    ),
    sweep: prepare(
      `delete from ${records} where rowid in (select rowid from ${records} where sweep_at <= ? order by sweep_at limit ?)`,
    ),
    begin: () => void database.exec('begin'),
    beginImmediate: () => void database.exec('begin immediate'),
    commit: prepare('commit'),
    rollback: prepare('rollback'),
  }
}
