import { randomBytes } from 'node:crypto'
import { openStorage } from './open-storage.mjs'

const value = JSON.stringify({
  schema: 1,
  clientId: 'app',
  subject: 'alice',
  scope: 'read:application',
  text: 'x'.repeat(400),
})
const secret = () => randomBytes(16).toString('base64url')

/**
 * Opens a rotation by hand: one read of two records, then one statement or script that changes the first where its revision is the one
 * that was read, and inserts the second. It keeps no index of a partition, and judges no expiry: the least that a database can do and
 * still be atomic.
 */
export async function open({ kind }) {
  return kind === 'postgres' ? openPostgres() : openRedis()
}

async function openPostgres() {
  const { pool, table } = await openStorage('postgres', { schema: 'gatewright_bench_by_hand' })
  const expires = Date.now() + 3_600_000
  const insert = `insert into ${table} values ($1, $2, $3, $4, $5, $6, $7)`
  const read = `select collection, value, revision, expires_at from ${table} where partition = $1 and collection = $2 and id = $3
    union all select collection, value, revision, expires_at from ${table} where partition = $4 and collection = $5 and id = $6`
  const change = `with changed as (update ${table} set value = $4, revision = $5, expires_at = $6, sweep_at = $7
      where partition = $1 and collection = $2 and id = $3 and revision = $8 returning 1)
    insert into ${table} select $1, $9, $10, $4, $11, $6, $7 from changed returning 1`
  const query = (name, text, values) => pool.query({ name, text, values })
  return {
    async prepare(count) {
      const made = Array.from({ length: count }, secret)
      for (const id of made)
        await query('insert', insert, [`bench:g:${id}`, 'grants', id, value, secret(), expires, expires])
      return made
    },
    async run(id) {
      const partition = `bench:g:${id}`
      const keys = [partition, 'grants', id, partition, 'refresh_repeats', 'repeat']
      const { rows } = await query('read', read, keys)
      JSON.parse(rows[0].value)
      const content = [partition, 'grants', id, value, secret(), expires, expires, rows[0].revision]
      const { rowCount } = await query('change', change, [...content, 'refresh_repeats', 'repeat', secret()])
      if (rowCount !== 1) throw new Error('not changed')
    },
  }
}

async function openRedis() {
  const { Redis } = await import('ioredis')
  const redis = new Redis(process.env.REDIS_URL)
  redis.defineCommand('change', {
    numberOfKeys: 2,
    lua: `if string.sub(redis.call('GET', KEYS[1]), 1, 22) ~= ARGV[1] or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
      redis.call('SET', KEYS[1], ARGV[2], 'PX', 3600000)
      redis.call('SET', KEYS[2], ARGV[3], 'PX', 3600000)
      return 1`,
  })
  const prefix = `by-hand-${Date.now()}-${process.pid}`
  const record = () => `${secret()} ${value}`
  return {
    async prepare(count) {
      const made = Array.from({ length: count }, () => `${prefix}:{${secret()}}`)
      for (const key of made) await redis.set(key, record(), 'PX', 3_600_000)
      return made
    },
    async run(key) {
      const [text] = await redis.mget(key, `${key}:repeat`)
      JSON.parse(text.slice(23))
      if ((await redis.change(key, `${key}:repeat`, text.slice(0, 22), record(), record())) !== 1)
        throw new Error('not changed')
    },
  }
}
