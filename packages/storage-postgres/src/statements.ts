import type { Statement } from './send-statement.ts'
import { parseTableName } from './table-name.ts'

/** The statements of one storage. Every write carries its condition, so one statement alone is atomic. */
export interface Statements {
  /** key, now */
  readonly read: Statement
  /** For a number of keys: all keys one after the other, now. Rows carry the position of their key. */
  readFew(count: number): Statement
  /** partitions, collections, ids (as arrays), now. Rows carry the position of their key. */
  readonly readMany: Statement
  /** key, value, revision, expires_at, sweep_at, now */
  readonly insert: Statement
  /** key, value, new revision, expires_at, sweep_at, now, revision */
  readonly replace: Statement
  /** key, now, revision */
  readonly check: Statement
  /** key */
  readonly remove: Statement
  /** key, now, revision */
  readonly removeUnchanged: Statement
  /** Several operations: the parameters of the function that the first migration creates. */
  readonly commit: Statement
  /** partition, replaced collection, id, expected, revision, value, expires_at, sweep_at, the inserted one's, now */
  readonly replaceInsert: Statement
  /** partition, collection, after, now, limit. Ids come with a dot before them. */
  readonly list: Statement
  /** now, limit */
  readonly sweep: Statement
}

const alive = (now: string) => `(expires_at is null or expires_at > ${now})`
const columns = 'value, revision, expires_at as expires'
/** A row without revision, which a standby adds to what it read: it may lag behind, and then its word is worth nothing. */
const standby = (position = '') =>
  `union all select ${position}null, null, null::bigint where pg_is_in_recovery()`

/** Writes the statements on one table. A row that comes back says that the condition held. */
export function writeStatements(table: string): Statements {
  const nameOf = parseTableName(table)
  const records = nameOf()
  const few = new Map<number, Statement>()
  const key = 'partition = $1 and collection = $2 and id = $3'

  return {
    read: named('get', `select ${columns} from ${records} where ${key} and ${alive('$4')} ${standby()}`),
    readFew(count) {
      const statement = few.get(count) ?? named('get', textOfFew(records, count))
      few.set(count, statement)
      return statement
    },
    readMany: named(
      'get',
      `select position, found.* from unnest($1::text[], $2::text[], $3::text[]) with ordinality
      as wanted (p, c, i, position) cross join lateral (${lookup(records, '$4')}) as found ${standby('0::bigint, ')}`,
    ),
    insert: named(
      'insert',
      `insert into ${records} as held (partition, collection, id, value, revision, expires_at, sweep_at)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict (partition, collection, id) do update set
      value = excluded.value, revision = excluded.revision, expires_at = excluded.expires_at,
      sweep_at = excluded.sweep_at where held.expires_at <= $8 returning 1 as done`,
    ),
    replace: named(
      'replace',
      `update ${records} set value = $4, revision = $5, expires_at = $6, sweep_at = $7
      where ${key} and revision = $9 and ${alive('$8')} returning 1 as done`,
    ),
    check: named(
      'check',
      `select 1 as done from ${records} where ${key} and revision = $5 and ${alive('$4')}`,
    ),
    remove: named('delete', `delete from ${records} where ${key}`),
    removeUnchanged: named(
      'delete',
      `delete from ${records} where ${key} and revision = $5 and ${alive('$4')} returning 1 as done`,
    ),
    commit: named(
      'commit',
      `select ${nameOf('_commit')}($1, $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
      $7::text[], $8::bigint[], $9::bigint[], $10, $11) as done`,
    ),
    replaceInsert: named(
      'commit',
      `select ${nameOf('_replace_insert')}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as done`,
    ),
    // PGlite drops a byte order mark at the start of a text: the dot keeps an id from starting with one.
    list: named(
      'list',
      `select '.' || id as dotted from ${records} where partition = $1 and collection = $2 and id > $3
      and ${alive('$4')} order by id limit $5`,
    ),
    // Found by the index and deleted by its place: no plan for it reads the table. A record that is just being changed
    // is skipped, and one that was changed since the statement began is judged by what it has become.
    sweep: named(
      'sweep',
      `delete from ${records} where ctid = any (array(select ctid from ${records} where sweep_at <= $1
      order by sweep_at limit $2 for update skip locked)) and sweep_at <= $1 returning 1 as done`,
    ),
  }
}

/** One index search per key: "limit" keeps the planner from joining in any other way. */
function lookup(records: string, now: string): string {
  return `select ${columns} from ${records} where partition = p and collection = c and id = i
    and ${alive(now)} limit 1`
}

/** With a list of fixed length the plan is made once; with an array of unknown length it would be at each call. */
function textOfFew(records: string, count: number): string {
  const rows = Array.from({ length: count }, (_, position) => {
    const first = 3 * position + 1
    return `(${position + 1}, $${first}::text, $${first + 1}::text, $${first + 2}::text)`
  })
  return `select position, found.* from (values ${rows.join(', ')}) as wanted (position, p, c, i)
    cross join lateral (${lookup(records, `$${3 * count + 1}::bigint`)}) as found ${standby('0, ')}`
}

/** Names a statement after its text: two packages, tables or versions on one connection cannot meet in a name. */
function named(verb: string, text: string): Statement {
  return { name: `gatewright_${verb}_${hash(text, 33)}${hash(text, 16_777_619)}`, text }
}

function hash(text: string, factor: number): string {
  let value = 5381
  for (let index = 0; index < text.length; index++) value = Math.imul(value, factor) ^ text.charCodeAt(index)
  return (value >>> 0).toString(36)
}
