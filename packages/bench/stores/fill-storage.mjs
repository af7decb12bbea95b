import { secret } from './secret.mjs'
/**
 * Makes a function that inserts many records at once: with SQL of its own where one record at a time would take an hour for a million
 * grants, and by the storage itself elsewhere.
 */
export function fillerOf(kind, { storage, database, pool, table = 'gatewright_records' }) {
  switch (kind) {
    case 'sqlite': {
      const insert = database.prepare(`insert into ${table} values (?, ?, ?, ?, ?, ?, ?)`)
      const insertAll = database.transaction((rows) => {
        for (const row of rows) insert.run(...row)
      })
      return async (operations) => insertAll(operations.map(rowOf))
    }
    case 'postgres':
      return async (operations) => {
        const rows = operations.map(rowOf)
        const columns = rows[0].map((_, column) => rows.map((row) => row[column]))
        const types = ['text', 'text', 'text', 'text', 'text', 'bigint', 'bigint']
        const lists = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')
        await pool.query(`insert into ${table} select * from unnest(${lists})`, columns)
      }
    default:
      return async (operations) => {
        const now = Date.now()
        const commits = operations.map((operation) => storage.commit([operation], now))
        if ((await Promise.all(commits)).includes(false)) throw new Error('a record was there already')
      }
  }
}

// The columns of both databases, in their order. A sweep comes an hour late for all of these, which nothing here waits for.
function rowOf({ key, value, expiresAt }) {
  const { partition, collection, id } = key
  const revision = secret(16)
  const sweepAt = expiresAt === null ? null : expiresAt + 3_600_000
  return [partition, collection, id, JSON.stringify(value), revision, expiresAt, sweepAt]
}
