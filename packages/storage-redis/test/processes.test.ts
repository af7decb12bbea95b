import type { Key, Operation } from '@gatewright/storage'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createWorkerPool } from './support/start-workers.ts'
import type { WorkerPool } from './support/start-workers.ts'
import { describeWithRedis, now } from './support/with-redis.ts'

const at = (id: string): Key => ({ partition: 'p', collection: 'things', id })
const insert = (id: string, value: unknown = 'old', expiresAt: number | null = null): Operation => ({
  type: 'insert',
  key: at(id),
  value: value as string,
  expiresAt,
})
const insertAll = (ids: readonly string[], expiresAt: number | null = null) =>
  ids.map((id) => insert(id, 0, expiresAt)) as [Operation, ...Operation[]]

describeWithRedis('several processes on one server', (bench) => {
  let pool: WorkerPool
  beforeAll(async () => {
    pool = await createWorkerPool()
  })
  afterAll(() => pool.close())
  beforeEach(async () => {
    await bench.redis.flushall()
  })

  /** One process with each library. */
  const both = <T extends object>(task: T) => [
    { ...task, port: bench.server.port, library: 'ioredis' as const },
    { ...task, port: bench.server.port, library: 'redis' as const },
  ]

  it('CC-16 of many parallel inserts of one key in two processes exactly one succeeds', async () => {
    const won = await pool.race(both({ name: 'insert', key: at('signing-key'), count: 200 } as const))
    expect(Number(won[0]) + Number(won[1])).toBe(1)
  })

  it('of 1,000 parallel replaces with one revision in two processes exactly one succeeds', async () => {
    const storage = bench.storage()
    await storage.commit([insert('code')], now)
    const [code] = await storage.get([at('code')], now)
    if (code === undefined) throw new Error('no record')
    const targets = [{ key: code.key, revision: code.revision }]
    const won = await pool.race(both({ name: 'replace', targets, times: 500 } as const))
    expect(won.flat()).toEqual(['code'])
  })

  it('of many parallel replaces in two processes exactly one succeeds, for each of 50 records', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `r${index}`)
    const storage = bench.storage()
    await storage.commit(insertAll(ids), now)
    const targets = (await storage.get(ids.map(at), now)).flatMap((record) =>
      record === undefined ? [] : [{ key: record.key, revision: record.revision }],
    )
    const won = await pool.race(both({ name: 'replace', targets, times: 20 } as const))
    expect((won.flat() as string[]).toSorted()).toEqual(ids.toSorted())
  })

  it('DS-07 a counter is exact over two processes with 300 hits each, one after the other', async () => {
    const allowed = await pool.race(
      both({ name: 'hit', key: 'one address', count: 300, limit: 400 } as const),
    )
    expect(Number(allowed[0]) + Number(allowed[1])).toBe(400)
  })

  it('DS-05 two processes that sweep at once remove every expired record once and no other', async () => {
    const storage = bench.storage()
    for (let start = 0; start < 3000; start += 500) {
      const ids = Array.from({ length: 500 }, (_, index) => `r${start + index}`)
      await storage.commit(insertAll(ids, now + 1000), now)
    }
    await storage.commit([insert('live', 1, now + 1001)], now)
    const swept = await pool.race(both({ name: 'sweep', now: now + 1000 } as const))
    expect(Number(swept[0]) + Number(swept[1])).toBe(3000)
    expect((await bench.redis.keys('*')).toSorted()).toEqual(['gatewright:{p}', 'gatewright:{p}:things:live'])
  })

  it('CC-07 a process that is killed leaves all records of a commit at the same generation', async () => {
    const storage = bench.storage()
    const keys = Array.from({ length: 20 }, (_, index) => at(`r${index}`))
    await storage.commit(insertAll(keys.map(({ id }) => id)), now)
    for (const [round, wanted] of [1, 5, 20].entries()) {
      const [task] = both({ name: 'churn', keys } as const).slice(round % 2)
      if (task === undefined) throw new Error('no task')
      const worker = pool.start(task)
      await worker.ready
      worker.onLine((line) => {
        if (line === `${wanted}`) worker.kill()
      })
      worker.go()
      const { signal, lines } = await worker.outcome
      expect(signal).toBe('SIGKILL')
      const values = await storage.get(keys, now)
      const generations = new Set(values.map((record) => record?.value))
      expect(generations.size).toBe(1)
      expect(Number([...generations][0])).toBeGreaterThanOrEqual(Number(lines.at(-1)))
    }
  })
})
