import type { D1Database, D1Result, D1Statement } from '@gatewright/storage-sqlite/d1'
import Database from 'libsql'

/** The binding of D1 on SQLite in memory: what a Worker sees, without workerd around it. */
export function createD1(): D1Database {
  const database = new Database(':memory:')
  const made = new WeakMap<D1Statement, { sql: string; values: unknown[] }>()
  const statement = (sql: string, values: unknown[]): D1Statement => {
    const own: D1Statement = { bind: (...given) => statement(sql, given) }
    made.set(own, { sql, values })
    return own
  }
  function run(one: D1Statement): D1Result {
    const { sql, values } = made.get(one) ?? { sql: '', values: [] }
    const prepared = database.prepare(sql)
    if (prepared.reader) return { results: prepared.all(...values), meta: {} }
    return { results: [], meta: { changes: prepared.run(...values).changes } }
  }
  return {
    prepare: (sql) => statement(sql, []),
    batch: async (statements) => database.transaction(() => statements.map(run))(),
  }
}
