import type { Key, Operation, Stored } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from './support/open-database.ts'
import type { Connected } from './support/open-database.ts'
import { createWorkerPool } from './support/start-workers.ts'
import type { WorkerPool } from './support/start-workers.ts'
import { untilBlocked } from './support/until-blocked.ts'

const now = 1_900_000_000_000
const database = await openDatabase()

describe('several processes on one database', () => {
  if ('missing' in database) {
    it('are exact together', (context) => context.skip(database.missing))
    return
  }

  const { url } = database
  let workers: WorkerPool
  let pool: Connected
  let storage: ReturnType<typeof createPostgresStorage>
  let observer: pg.Client
  beforeAll(async () => {
    workers = await createWorkerPool()
    pool = database.connect('pg', 4)
    await migrate(pool.client)
    storage = createPostgresStorage({ client: pool.client, timeout: 60 })
    observer = new pg.Client({ connectionString: url })
    await observer.connect()
  })
  afterAll(() => Promise.all([workers.close(), pool.close(), observer.end()]))

  let partition = ''
  let partitions = 0
  beforeEach(() => {
    partition = `p${partitions++}`
  })
  const at = (id: string): Key => ({ partition, collection: 'things', id })
  const insert = (id: string, value: unknown = 'old', expiresAt: number | null = null): Operation => ({
    type: 'insert',
    key: at(id),
    value: value as string,
    expiresAt,
  })
  async function inserted(...ids: string[]): Promise<Stored[]> {
    await storage.commit(ids.map((id) => insert(id, 'unused')) as [Operation], now)
    return (await storage.get(ids.map(at), now)).filter((stored) => stored !== undefined)
  }

  describe.each(['pg', 'postgres'] as const)('through %s', (driver) => {
    it('CC-16 may start at once on an empty database, and one of them makes the first key', async () => {
      const table = `first_${driver}`
      const task = { name: 'start', url, driver, table, key: at('signing-key'), count: 50 } as const
      const won = await workers.race([task, task, task, task])
      expect(won.map(Number).reduce((sum, count) => sum + count)).toBe(1)
    })

    it('of 1,000 parallel redemptions of one code over two processes exactly one succeeds, with one token', async () => {
      const [code] = await inserted('code')
      if (code === undefined) throw new Error('no code')
      const task = { name: 'redeem', url, driver, code, count: 500 } as const
      const won = (await workers.race([task, task])).flat()
      expect(won).toHaveLength(1)
      expect(await storage.list(partition, 'tokens', { limit: 10, now })).toEqual(won)
    })

    it('of many parallel replaces with one revision in two processes exactly one succeeds, for each of 30 records', async () => {
      const ids = Array.from({ length: 30 }, (_, index) => `r${index}`)
      const targets = await inserted(...ids)
      const task = { name: 'replace', url, driver, targets, times: 10 } as const
      const won = await workers.race([task, task])
      expect((won.flat() as string[]).toSorted()).toEqual(ids.toSorted())
    })

    it('DS-07 a counter is exact over two processes with 300 hits each, one after the other', async () => {
      const task = { name: 'hit', url, driver, key: partition, count: 300, limit: 400, now } as const
      const allowed = await workers.race([task, task])
      expect(Number(allowed[0]) + Number(allowed[1])).toBe(400)
    })

    it('DS-05 two processes that sweep at once remove every expired record once and no other', async () => {
      // What the tests before have left.
      await storage.sweep({ now: now + 200_000, limit: 1000 })
      for (let start = 0; start < 3000; start += 500) {
        const ids = Array.from({ length: 500 }, (_, index) => `r${start + index}`)
        await storage.commit(ids.map((id) => insert(id, 1, now + 1000)) as [Operation], now)
      }
      await storage.commit([insert('live', 1, now + 900_000)], now)
      const task = { name: 'sweep', url, driver, now: now + 200_000 } as const
      const swept = await workers.race([task, task])
      expect(Number(swept[0]) + Number(swept[1])).toBe(3000)
      expect(await storage.list(partition, 'things', { limit: 10, now })).toEqual(['live'])
    })
  })

  describe('a process that is killed', () => {
    async function scene() {
      const [replaced, checked] = await inserted('replaced', 'checked', 'deleted')
      if (replaced === undefined || checked === undefined) throw new Error('no records')
      const operations: Operation[] = [
        insert('inserted', 'new'),
        { type: 'check', key: checked.key, revision: checked.revision },
        { type: 'replace', key: replaced.key, revision: replaced.revision, value: 'new', expiresAt: null },
        { type: 'delete', key: at('deleted') },
      ]
      const keys = ['replaced', 'checked', 'deleted', 'inserted'].map(at)
      return { operations, values: async () => (await storage.get(keys, now)).map((stored) => stored?.value) }
    }
    const nothing = ['unused', 'unused', 'unused', undefined]
    const all = ['new', 'unused', undefined, 'new']
    /** Resolves when the server has noticed that the session's process is gone. */
    const untilGone = async (application: string) => {
      for (;;) {
        const { rows } = await observer.query(
          'select from pg_stat_activity where datname = current_database() and application_name = $1',
          [application],
        )
        if (rows.length === 0) return
      }
    }

    it.each([
      ['before', [nothing]],
      ['sent', [nothing, all]],
      ['after', [all]],
    ] as const)('CC-07 leaves all of a commit or nothing: %s', async (moment, possible) => {
      for (let round = 0; round < 3; round++) {
        partition = `p${partitions++}`
        const { operations, values } = await scene()
        const worker = workers.start({ name: 'die', url, driver: 'pg', operations, moment })
        await worker.ready
        worker.go()
        expect((await worker.outcome).signal).toBe('SIGKILL')
        await untilGone('dying')
        expect(possible).toContainEqual(await values())
        // Its locks died with it.
        expect(await storage.commit([{ type: 'delete', key: at('replaced') }], now)).toBe(true)
      }
    })

    it('CC-07 leaves all of a commit that the server has begun', async () => {
      const { operations, values } = await scene()
      const holder = new pg.Client({ connectionString: url })
      await holder.connect()
      await holder.query(`begin; select from gatewright_records where partition = '${partition}' for update`)
      const worker = workers.start({ name: 'commit', url, driver: 'pg', operations })
      await worker.ready
      worker.go()
      await untilBlocked(observer)
      worker.kill()
      expect((await worker.outcome).signal).toBe('SIGKILL')
      expect(await values()).toEqual(nothing)
      await holder.end()
      await untilGone('worker')
      expect(await values()).toEqual(all)
    })

    it('CC-07 from outside, at any moment, leaves all records of a commit at the same generation', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `r${index}`)
      await storage.commit(ids.map((id) => insert(id, 0)) as [Operation], now)
      const keys = ids.map(at)
      for (const wanted of [1, 5, 20]) {
        const worker = workers.start({ name: 'churn', url, driver: 'pg', keys })
        await worker.ready
        worker.onLine((line) => {
          if (line === `${wanted}`) worker.kill()
        })
        worker.go()
        const { signal, lines } = await worker.outcome
        expect(signal).toBe('SIGKILL')
        await untilGone('worker')
        const generations = new Set((await storage.get(keys, now)).map((stored) => stored?.value))
        expect(generations.size).toBe(1)
        // What was acknowledged is there.
        expect(Number([...generations][0])).toBeGreaterThanOrEqual(Number(lines.at(-1)))
      }
    })
  })
})
