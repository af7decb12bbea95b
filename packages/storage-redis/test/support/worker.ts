import { createInterface } from 'node:readline'
import { createCounter } from '@gatewright/storage'
import type { Key, Operation, Revision } from '@gatewright/storage'
import { createRedisStorage } from '@gatewright/storage-redis'
import { libraries } from './clients.ts'

/** The library through which a worker speaks to Redis. */
export type Library = keyof typeof libraries

/** What a worker is told on its command line. */
export type Task = { port: number; library: Library } & (
  | { name: 'insert'; key: Key; count: number }
  | { name: 'replace'; targets: { key: Key; revision: Revision }[]; times: number }
  | { name: 'hit'; key: string; count: number; limit: number }
  | { name: 'sweep'; now: number }
  | { name: 'churn'; keys: Key[] }
)

type Storage = ReturnType<typeof createRedisStorage>
type Performers = {
  [N in Task['name']]: (storage: Storage, task: Extract<Task, { name: N }>) => Promise<unknown>
}

const now = 1_900_000_000_000
const many = <T>(count: number, attempt: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => attempt(index)))

const performers: Performers = {
  async insert(storage, { key, count }) {
    const insert = { type: 'insert', key, value: process.pid, expiresAt: null } as const
    return (await many(count, () => storage.commit([insert], now))).filter(Boolean).length
  },

  async replace(storage, { targets, times }) {
    const won = await Promise.all(
      targets.map(async ({ key, revision }) => {
        const replace = { type: 'replace', key, revision, value: process.pid, expiresAt: null } as const
        const results = await many(times, () => storage.commit([replace], now))
        return results.filter(Boolean).map(() => key.id)
      }),
    )
    return won.flat()
  },

  async hit(storage, { key, count, limit }) {
    const counter = createCounter(storage)
    let hits = 0
    // One after the other: what one process asks at once is written together, and would hide updates that are lost between two.
    for (let attempt = 0; attempt < count; attempt++)
      if ((await counter.hit(key, { window: 60, limit, now })).allowed) hits++
    return hits
  },

  async sweep(storage, task) {
    let total = 0
    for (let count = -1; count !== 0; total += count) {
      count = await storage.sweep({ now: task.now, limit: 50 })
    }
    return total
  },

  async churn(storage, { keys }) {
    for (let generation = 1; generation < 1_000_000; generation++) {
      const stored = await storage.get(keys, now)
      const operations = stored.map((record): Operation => {
        if (record === undefined) throw new Error('the record is gone')
        const { key, revision } = record
        return { type: 'replace', key, revision, value: generation, expiresAt: null }
      })
      await storage.commit(operations as [Operation], now)
      process.stdout.write(`${generation}\n`)
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    return 'never killed'
  },
}

// Connects, says so, and waits for the word, so that all workers start at the same moment.
const task = JSON.parse(process.argv[2] ?? '') as Task
const { client } = await libraries[task.library](task.port)
const storage = createRedisStorage({ client, timeout: 30 })
await storage.get([{ partition: 'p', collection: 'c', id: 'warm' }], now)
process.stdout.write('ready\n')
createInterface({ input: process.stdin }).once('line', () => {
  const perform = performers[task.name] as (storage: Storage, task: Task) => Promise<unknown>
  void perform(storage, task).then((result) => {
    process.stdout.write(`${JSON.stringify(result)}\n`)
    process.exit(0)
  })
})
