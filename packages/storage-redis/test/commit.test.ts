import type { Key, Operation } from '@gatewright/storage'
import { createRedisStorage } from '@gatewright/storage-redis'
import { beforeEach, expect, it } from 'vitest'
import { describeWithRedis, now } from './support/with-redis.ts'

const at = (id: string, collection = 'things'): Key => ({ partition: 'p', collection, id })
const insert = (id: string, expiresAt: number | null = null): Operation => ({
  type: 'insert',
  key: at(id),
  value: id,
  expiresAt,
})

describeWithRedis('the records in Redis', (bench) => {
  beforeEach(async () => {
    await bench.redis.flushall()
  })

  it('CC-12 are read and committed in one round trip each, however many operations and partitions', async () => {
    const storage = bench.storage()
    await storage.commit([insert('warm')], now)
    bench.sent()
    await storage.get([at('a')], now)
    expect(bench.sent()).toBe(1)
    await storage.get([at('a'), { ...at('b'), partition: 'q' }, { ...at('c'), partition: 'r' }], now)
    expect(bench.sent()).toBe(1)
    await storage.commit([insert('a')], now)
    expect(bench.sent()).toBe(1)
    const [record] = await storage.get([at('a')], now)
    if (record === undefined) throw new Error('no record')
    bench.sent()
    const { key, revision } = record
    const operations = [
      { type: 'replace', key, revision, value: 2, expiresAt: now + 1000 },
      insert('b'),
      { type: 'delete', key: at('c') },
    ] as const
    expect(await storage.commit(operations, now)).toBe(true)
    expect(bench.sent()).toBe(1)
    expect(await storage.commit(operations, now)).toBe(false)
    expect(bench.sent()).toBe(1)
    await storage.list('p', 'things', { limit: 10, now })
    await storage.list('p', 'things', { limit: 10, now })
    // The first one brought its script along.
    expect(bench.sent()).toBe(3)
  })

  it('are written where the server has forgotten the script', async () => {
    const storage = bench.storage()
    await storage.commit([insert('a')], now)
    await bench.redis.script('FLUSH')
    bench.sent()
    expect(await storage.commit([insert('b')], now)).toBe(true)
    expect(bench.sent()).toBe(2)
    expect(await storage.commit([insert('c')], now)).toBe(true)
    expect(bench.sent()).toBe(1)
  })

  it('are won by a commit that the client sends twice because the first answer was lost', async () => {
    await bench.storage().commit([insert('code')], now)
    const [code] = await bench.storage().get([at('code')], now)
    if (code === undefined) throw new Error('no record')
    const storage = createRedisStorage({
      client: {
        options: {},
        async call(command, ...args) {
          await bench.redis.call(command, ...args)
          return bench.redis.call(command, ...args)
        },
      },
    })
    const { key, revision } = code
    const used = { type: 'replace', key, revision, value: 'used', expiresAt: null } as const
    expect(await storage.commit([used, insert('token')], now)).toBe(true)
    expect(await storage.commit([used], now)).toBe(false)
    expect(await storage.commit([insert('token')], now)).toBe(false)
    expect(await storage.commit([insert('another')], now)).toBe(true)
  })

  it('CC-20 are kept as long as they live by the clock of the caller, and five minutes more', async () => {
    // Both clocks are years away from that of Redis.
    for (const clock of [1000, 4_000_000_000_000]) {
      await bench.storage().commit([insert(`t${clock}`, clock + 60_000)], clock)
      const left = await bench.redis.pttl(`gatewright:{p}:things:t${clock}`)
      expect(left).toBeGreaterThan(350_000)
      expect(left).toBeLessThanOrEqual(360_000)
    }
    await bench.storage().commit([insert('past', now - 1000)], now)
    expect(await bench.redis.pttl('gatewright:{p}:things:past')).toBeLessThanOrEqual(300_000)
    await bench.storage().commit([insert('eternal')], now)
    expect(await bench.redis.pttl('gatewright:{p}:things:eternal')).toBe(-1)
  })

  it('lose their time to live when they are replaced by one without end, and get one again', async () => {
    const storage = bench.storage()
    await storage.commit([insert('a', now + 1000)], now)
    for (const expiresAt of [null, now + 2000]) {
      const [record] = await storage.get([at('a')], now)
      if (record === undefined) throw new Error('no record')
      const { key, revision } = record
      await storage.commit([{ type: 'replace', key, revision, value: 1, expiresAt }], now)
      const left = await bench.redis.pttl('gatewright:{p}:things:a')
      expect(left === -1).toBe(expiresAt === null)
    }
  })

  it('have an index that lives at least as long as the longest of them', async () => {
    const storage = bench.storage()
    const index = () => bench.redis.pttl('gatewright:{p}')
    await storage.commit([insert('a', now + 60_000)], now)
    expect(await index()).toBeGreaterThanOrEqual(await bench.redis.pttl('gatewright:{p}:things:a'))
    await storage.commit([insert('b', now + 600_000), insert('c', now + 1000)], now)
    expect(await index()).toBeGreaterThanOrEqual(await bench.redis.pttl('gatewright:{p}:things:b'))
    await storage.commit([insert('d')], now)
    expect(await index()).toBe(-1)
    await storage.commit([insert('e', now + 1000)], now)
    expect(await index()).toBe(-1)
  })

  it('leave no key behind when they are deleted', async () => {
    const storage = bench.storage()
    await storage.commit([insert('a'), insert('b', now + 1000)], now)
    await storage.commit([{ type: 'delete', key: at('a') }], now)
    await storage.commit([{ type: 'delete', key: at('b') }], now)
    expect(await bench.redis.keys('*')).toEqual([])
  })

  it('are not half written when a key of somebody else is in the way', async () => {
    const storage = bench.storage()
    await bench.redis.hset('gatewright:{p}', 'a', 'b')
    await expect(storage.commit([insert('a'), insert('b')], now)).rejects.toThrow('WRONGTYPE')
    expect(await bench.redis.keys('*')).toEqual(['gatewright:{p}'])
    await bench.redis.del('gatewright:{p}')
    await bench.redis.rpush('gatewright:{p}:things:b', 'x')
    await expect(storage.commit([insert('a'), insert('b')], now)).rejects.toThrow('WRONGTYPE')
    expect(await bench.redis.keys('*')).toEqual(['gatewright:{p}:things:b'])
  })

  it('share nothing with those of another prefix', async () => {
    await bench.storage().commit([insert('a')], now)
    const other = bench.storage({ prefix: 'tenant-2' })
    expect(await other.get([at('a')], now)).toEqual([undefined])
    await other.commit([insert('b', now)], now)
    expect(await bench.storage().sweep({ now, limit: 10 })).toBe(0)
    expect(await other.sweep({ now, limit: 10 })).toBe(1)
  })
})
