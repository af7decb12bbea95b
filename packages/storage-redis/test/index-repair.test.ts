import type { Key, Operation } from '@gatewright/storage'
import { beforeEach, expect, it } from 'vitest'
import { describeWithRedis, now } from './support/with-redis.ts'

const index = 'gatewright:{p}'
const at = (id: string): Key => ({ partition: 'p', collection: 'things', id })
const insert = (id: string, expiresAt: number | null = null): Operation => ({
  type: 'insert',
  key: at(id),
  value: id,
  expiresAt,
})
const ids = (count: number, prefix = 'r') =>
  Array.from({ length: count }, (_, number) => `${prefix}${String(number).padStart(5, '0')}`)

describeWithRedis('entries of the index whose record Redis has freed', (bench) => {
  beforeEach(async () => {
    await bench.redis.flushall()
  })

  /** Inserts records and lets Redis free them, as it does when their time has come. */
  async function freed(names: readonly string[]): Promise<void> {
    const storage = bench.storage()
    for (let start = 0; start < names.length; start += 500)
      await storage.commit(
        names.slice(start, start + 500).map((id) => insert(id, now + 1000)) as [Operation],
        now,
      )
    for (const id of names) await bench.redis.del(`${index}:things:${id}`)
  }

  it('are left out of a listing and dropped by it', async () => {
    await freed(ids(3000))
    await bench.storage().commit([insert('live1'), insert('z-live2')], now)
    const page = await bench.storage().list('p', 'things', { limit: 10, now })
    expect(page).toEqual(['live1', 'z-live2'])
    expect(await bench.redis.zrange(index, '0', '-1')).toEqual(['things:live1', 'things:z-live2'])
  })

  it('are dropped bit by bit by inserts, so that an index of short-lived records stays small', async () => {
    const storage = bench.storage()
    let largest = 0
    for (const id of ids(1000)) {
      await storage.commit([insert(id, now + 1000)], now)
      await bench.redis.del(`${index}:things:${id}`)
      largest = Math.max(largest, await bench.redis.zcard(index))
    }
    expect(largest).toBeLessThan(30)
  })

  it('are swept, counted like records, together with those that have expired', async () => {
    await freed(ids(20))
    const storage = bench.storage()
    await storage.commit(ids(8, 'x').map((id) => insert(id, now + 1000)) as [Operation], now)
    const before = await bench.redis.zcard(index)
    await storage.commit([insert('live', now + 1001)], now)
    const swept = await storage.sweep({ now: now + 1000, limit: 100 })
    expect(swept).toBeLessThanOrEqual(before)
    expect(await bench.redis.zrange(index, '0', '-1')).toEqual(['things:live'])
    expect((await bench.redis.keys('*')).toSorted()).toEqual([index, `${index}:things:live`])
  })

  it('a record that lost its entry gets it again when it is replaced', async () => {
    const storage = bench.storage()
    await storage.commit([insert('a')], now)
    await bench.redis.del(index)
    const [record] = await storage.get([at('a')], now)
    if (record === undefined) throw new Error('no record')
    const { key, revision } = record
    await storage.commit([{ type: 'replace', key, revision, value: 1, expiresAt: null }], now)
    expect(await storage.list('p', 'things', { limit: 10, now })).toEqual(['a'])
  })

  it('DS-05 a sweep over 20,000 live records looks at 300 at a time, so that others are served in between', async () => {
    const storage = bench.storage()
    for (let start = 0; start < 20_000; start += 500)
      await storage.commit(
        ids(500, `s${String(start).padStart(5, '0')}-`).map((id) => insert(id)) as [Operation],
        now,
      )
    // Brings the script along, which is a command more.
    await storage.sweep({ now, limit: 1 })
    bench.sent()
    expect(await storage.sweep({ now, limit: 1000 })).toBe(0)
    const scripts = bench.sent()
    expect(scripts).toBeGreaterThanOrEqual(20_000 / 300)
    expect(scripts).toBeLessThan(20_000 / 100)
    await storage.commit(ids(1000, 'expired').map((id) => insert(id, now - 1)) as [Operation], now - 2)
    bench.sent()
    expect(await storage.sweep({ now, limit: 1000 })).toBe(1000)
    expect(bench.sent()).toBeGreaterThanOrEqual(1000 / 300)
  })
})
