import type { Key } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { openDatabase } from './support/open-database.ts'

const now = 1_900_000_000_000
const expired = 100_000
const database = await openDatabase()

describe('a sweep', () => {
  if ('missing' in database) {
    it('is bounded', (context) => context.skip(database.missing))
    return
  }

  it('DS-05 of 100,000 records locks 500 at a time, in a transaction each, and another session issues in between', async () => {
    const [own, other] = [1, 2].map(() => new pg.Client({ connectionString: database.url })) as [
      pg.Client,
      pg.Client,
    ]
    await Promise.all([own.connect(), other.connect()])
    await migrate(own)
    await own.query(
      `insert into gatewright_records (partition, collection, id, value, revision, expires_at, sweep_at)
      select 'p', 'tokens', 't' || n, '1', 'r', $1::bigint - 1, $1::bigint - 1 from generate_series(1, $2::int) as n`,
      [now, expired],
    )
    const batches: number[] = []
    const sweeping = createPostgresStorage({
      client: {
        connect: () => undefined,
        async query(statement: pg.QueryConfig) {
          const { rows } = await own.query(statement)
          batches.push(rows.length)
          return { rows: rows as unknown[] }
        },
      },
      timeout: 60,
    })

    const issuing = createPostgresStorage({
      client: { connect: () => undefined, query: (statement: pg.QueryConfig) => other.query(statement) },
      timeout: 60,
    })
    const at = (number: number): Key => ({ partition: 'p', collection: 'grants', id: `g${number}` })
    const state = { done: false, issued: 0, between: new Set<number>() }
    const session = (async () => {
      while (!state.done) {
        const insert = { type: 'insert', key: at(state.issued), value: 1, expiresAt: now + 1000 } as const
        if (await issuing.commit([insert], now)) state.issued++
        state.between.add(batches.length)
      }
    })()
    expect(await sweeping.sweep({ now, limit: 1_000_000 })).toBe(expired)
    state.done = true
    await session

    expect(Math.max(...batches)).toBe(500)
    expect(batches).toHaveLength(expired / 500 + 1)
    expect(state.between.size).toBeGreaterThan(50)
    const { rows } = await own.query('select collection, count(*)::int from gatewright_records group by 1')
    expect(rows).toEqual([{ collection: 'grants', count: state.issued }])
    await Promise.all([own.end(), other.end()])
  }, 120_000)
})
