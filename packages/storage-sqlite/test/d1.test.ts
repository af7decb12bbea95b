import type { Key } from '@gatewright/storage'
import { describeStorage } from '@gatewright/storage/testing'
import { createD1Storage, migrate } from '@gatewright/storage-sqlite/d1'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noWorkerd, startWorkerd } from './support/start-workerd.ts'
import type { Workerd } from './support/start-workerd.ts'

const now = 1_900_000_000_000
const at = (id: string): Key => ({ partition: 'p', collection: 'things', id })

describe('D1 in the Workers runtime', () => {
  if (noWorkerd !== undefined) {
    it.skip(noWorkerd, () => undefined)
    return
  }
  let workerd: Workerd
  beforeAll(async () => {
    workerd = await startWorkerd()
    await migrate(workerd.database)
  })
  afterAll(() => workerd.stop())

  describeStorage('the contract', () => ({ storage: createD1Storage({ database: workerd.database }) }))

  it('a second migration does nothing', async () => {
    const storage = createD1Storage({ database: workerd.database })
    await storage.commit([{ type: 'insert', key: at('kept'), value: 1, expiresAt: null }], now)
    await migrate(workerd.database)
    expect((await storage.get([at('kept')], now))[0]?.value).toBe(1)
  })

  it('keeps several tables of one database apart', async () => {
    await migrate(workerd.database, { table: 'other_records' })
    const [one, other] = [undefined, 'other_records'].map((table) =>
      createD1Storage({ database: workerd.database, ...(table === undefined ? {} : { table }) }),
    )
    await other?.commit([{ type: 'insert', key: at('of other'), value: 1, expiresAt: null }], now)
    expect(await one?.get([at('of other')], now)).toEqual([undefined])
    expect((await other?.get([at('of other')], now))?.[0]?.value).toBe(1)
  })

  it('DS-05 a sweep is a statement for at most 500 records at a time, among which others are served', async () => {
    const storage = createD1Storage({ database: workerd.database })
    // What the tests before have left.
    await storage.sweep({ now: now + 200_000, limit: 100_000 })
    const ids = Array.from({ length: 2600 }, (_, index) => `expired${index}`)
    for (let start = 0; start < ids.length; start += 200) {
      const inserts = ids
        .slice(start, start + 200)
        .map((id) => ({ type: 'insert', key: at(id), value: 1, expiresAt: now + 1000 }) as const)
      await storage.commit(inserts as [(typeof inserts)[0]], now)
    }
    const batches: number[] = []
    const swept = createD1Storage({
      database: {
        prepare: (sql) => workerd.database.prepare(sql),
        async batch(statements) {
          const results = await workerd.database.batch(statements)
          for (const { meta } of results) batches.push(meta.changes ?? 0)
          return results
        },
      },
    }).sweep({ now: now + 200_000, limit: 100_000 })
    const insert = { type: 'insert', key: at('meanwhile'), value: 1, expiresAt: null } as const
    expect(await storage.commit([insert], now)).toBe(true)
    expect(await swept).toBe(2600)
    expect(batches).toEqual([500, 500, 500, 500, 500, 100])
  })

  it('CC-16 of many parallel inserts of one key in two isolates exactly one succeeds', async () => {
    const insert = { name: 'insert', key: at('signing-key'), count: 100 } as const
    const replies = await Promise.all([workerd.call('one', insert), workerd.call('two', insert)])
    expect(replies.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(replies.reduce((sum, { result }) => sum + Number(result), 0)).toBe(1)
  })

  it('CC-04 of 1,000 exchanges of one code in two isolates one succeeds and leaves one token', async () => {
    const storage = createD1Storage({ database: workerd.database })
    const code = { partition: 'exchange', collection: 'codes', id: 'c' }
    await storage.commit([{ type: 'insert', key: code, value: 'unused', expiresAt: now + 60_000 }], now)
    const [stored] = await storage.get([code], now)
    if (stored === undefined) throw new Error('no code')
    const exchange = { name: 'exchange', code: { key: code, revision: stored.revision }, count: 500 } as const
    const replies = await Promise.all([workerd.call('one', exchange), workerd.call('two', exchange)])
    expect(replies.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(replies.reduce((sum, { result }) => sum + Number(result), 0)).toBe(1)
    expect(await storage.list('exchange', 'codes', { limit: 10, now })).toHaveLength(2)
  })

  it('a value of nearly a megabyte comes back', async () => {
    const storage = createD1Storage({ database: workerd.database })
    const big = 'x'.repeat(900_000)
    await storage.commit([{ type: 'insert', key: at('big'), value: big, expiresAt: null }], now)
    expect((await storage.get([at('big')], now))[0]?.value).toBe(big)
  })
})
