import type { Key, Operation } from '@gatewright/storage'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import Database from 'libsql'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorkerPool } from './support/start-workers.ts'
import type { WorkerPool } from './support/start-workers.ts'
import { createTemporaryFile } from './support/temporary-file.ts'
import type { TemporaryFile } from './support/temporary-file.ts'

const now = 1_900_000_000_000
const at = (id: string): Key => ({ partition: 'p', collection: 'things', id })
const insert = (id: string, value: unknown = 'old', expiresAt: number | null = null): Operation => ({
  type: 'insert',
  key: at(id),
  value: value as string,
  expiresAt,
})

let pool: WorkerPool
let file: TemporaryFile
beforeAll(async () => {
  pool = await createWorkerPool()
})
afterAll(() => pool.close())
beforeEach(() => {
  file = createTemporaryFile()
  return () => file.remove()
})

/** Opens the file in this process for as long as the work takes. */
async function withStorage<T>(
  work: (storage: ReturnType<typeof createSqliteStorage>) => Promise<T>,
): Promise<T> {
  const database = new Database(file.path)
  try {
    return await work(createSqliteStorage({ database }))
  } finally {
    database.close()
  }
}

describe('several processes on one file', () => {
  it('CC-16 may start at once on a file that does not exist', async () => {
    for (let round = 0; round < 3; round++) {
      const path = `${file.path}${round}`
      const tasks = Array.from({ length: 6 }, () => ({ name: 'open', file: path }) as const)
      expect(await pool.race(tasks)).toEqual(Array.from({ length: 6 }, () => 'object'))
    }
  })

  it('CC-16 of many parallel inserts of one key in two processes, on a new file, exactly one succeeds', async () => {
    const task = { name: 'insert', file: file.path, key: at('signing-key'), count: 100 } as const
    const won = await pool.race([task, task])
    expect(Number(won[0]) + Number(won[1])).toBe(1)
  })

  it('of many parallel replaces with one revision in two processes exactly one succeeds, for each of 50 records', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `r${index}`)
    const targets = await withStorage(async (storage) => {
      await storage.commit(ids.map((id) => insert(id)) as [Operation], now)
      const stored = await storage.get(ids.map(at), now)
      return stored.flatMap((record) =>
        record === undefined ? [] : [{ key: record.key, revision: record.revision }],
      )
    })
    const task = { name: 'replace', file: file.path, targets, times: 20 } as const
    const won = await pool.race([task, task])
    expect((won.flat() as string[]).toSorted()).toEqual(ids.toSorted())
  })

  it('CC-14 two processes with 200 parallel writers each never see the file locked', async () => {
    const checked = await withStorage(async (storage) => {
      await storage.commit([insert('grant')], now)
      const [grant] = await storage.get([at('grant')], now)
      if (grant === undefined) throw new Error('no record')
      return { key: grant.key, revision: grant.revision }
    })
    const task = { name: 'write', file: file.path, checked, count: 200 } as const
    expect(await pool.race([task, task])).toEqual([[], []])
    await withStorage(async (storage) => {
      expect(await storage.list('p', 'things', { limit: 1000, now })).toHaveLength(401)
    })
  })

  it('DS-07 a counter is exact over two processes with 300 hits each, one after the other', async () => {
    const task = { name: 'hit', file: file.path, key: 'one address', count: 300, limit: 400, now } as const
    const allowed = await pool.race([task, task])
    expect(Number(allowed[0]) + Number(allowed[1])).toBe(400)
  })

  it('DS-05 two processes that sweep at once remove every expired record once and no other', async () => {
    await withStorage(async (storage) => {
      for (let start = 0; start < 3000; start += 500) {
        const ids = Array.from({ length: 500 }, (_, index) => `r${start + index}`)
        await storage.commit(ids.map((id) => insert(id, 1, now + 1000)) as [Operation], now)
      }
      await storage.commit([insert('live', 1, now + 900_000)], now)
    })
    const task = { name: 'sweep', file: file.path, now: now + 200_000 } as const
    const swept = await pool.race([task, task])
    expect(Number(swept[0]) + Number(swept[1])).toBe(3000)
    await withStorage(async (storage) => {
      expect(await storage.list('p', 'things', { limit: 10, now })).toEqual(['live'])
    })
  })
})

describe('a process that is killed', () => {
  /** begin, insert, check, replace (once or twice), delete, commit: more places than there are statements. */
  const places = Array.from({ length: 9 }, (_, after) => after)

  it('CC-07 leaves all of a commit or nothing, wherever it dies', async () => {
    const seen = new Set<string>()
    await Promise.all(
      places.map(async (after) => {
        const own = createTemporaryFile()
        const database = new Database(own.path)
        const storage = createSqliteStorage({ database })
        await storage.commit([insert('replaced'), insert('checked'), insert('deleted')], now)
        const [replaced, checked] = await storage.get([at('replaced'), at('checked')], now)
        if (replaced === undefined || checked === undefined) throw new Error('no records')
        const operations: Operation[] = [
          insert('inserted', 'new'),
          { type: 'check', key: checked.key, revision: checked.revision },
          {
            type: 'replace',
            key: replaced.key,
            revision: replaced.revision,
            value: 'new',
            expiresAt: now + 1000,
          },
          { type: 'delete', key: at('deleted') },
        ]
        const worker = pool.start({ name: 'die', file: own.path, operations, now, after })
        await worker.ready
        worker.go()
        const { signal, result } = await worker.outcome
        const keys = ['replaced', 'checked', 'deleted', 'inserted'].map(at)
        const values = (await storage.get(keys, now)).map((record) => record?.value)
        seen.add(JSON.stringify([signal ?? result, ...values]))
        // The lock died with its holder.
        expect(await storage.commit([insert('afterwards')], now)).toBe(true)
        database.close()
        own.remove()
      }),
    )
    expect([...seen].map((entry) => JSON.parse(entry) as unknown)).toEqual(
      expect.arrayContaining([
        ['SIGKILL', 'old', 'old', 'old', null],
        ['SIGKILL', 'new', 'old', null, 'new'],
        [true, 'new', 'old', null, 'new'],
      ]),
    )
    expect(seen.size).toBe(3)
  })

  it('CC-07 from outside, at any moment, leaves all records of a commit at the same generation', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => at(`r${index}`))
    await withStorage((storage) => storage.commit(keys.map(({ id }) => insert(id, 0)) as [Operation], now))
    for (const wanted of [1, 5, 20]) {
      const worker = pool.start({ name: 'churn', file: file.path, keys, now })
      await worker.ready
      worker.onLine((line) => {
        if (line === `${wanted}`) worker.kill()
      })
      worker.go()
      const { signal, lines } = await worker.outcome
      expect(signal).toBe('SIGKILL')
      const values = await withStorage((storage) => storage.get(keys, now))
      const generations = new Set(values.map((record) => record?.value))
      expect(generations.size).toBe(1)
      // What was acknowledged is there: NORMAL loses nothing when only the process dies.
      expect(Number([...generations][0])).toBeGreaterThanOrEqual(Number(lines.at(-1)))
    }
  })
})
