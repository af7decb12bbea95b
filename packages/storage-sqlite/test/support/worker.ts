import { createInterface } from 'node:readline'
import { createCounter } from '@gatewright/storage'
import type { Key, Operation, Revision } from '@gatewright/storage'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import Database from 'libsql'
import { killAfter } from './kill-after.ts'

/** What a worker is told on its command line. */
export type Task =
  | { name: 'open'; file: string }
  | { name: 'insert'; file: string; key: Key; count: number }
  | { name: 'replace'; file: string; targets: { key: Key; revision: Revision }[]; times: number }
  | { name: 'write'; file: string; checked: { key: Key; revision: Revision }; count: number }
  | { name: 'hit'; file: string; key: string; count: number; limit: number; now: number }
  | { name: 'sweep'; file: string; now: number }
  | { name: 'die'; file: string; operations: Operation[]; now: number; after: number }
  | { name: 'churn'; file: string; keys: Key[]; now: number }

const now = 1_900_000_000_000
const storageOf = (file: string) => createSqliteStorage({ database: new Database(file) })
const many = <T>(count: number, attempt: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => attempt(index)))

type Performers = { [N in Task['name']]: (task: Extract<Task, { name: N }>) => Promise<unknown> }

const performers: Performers = {
  open: async ({ file }) => typeof storageOf(file),

  async insert({ file, key, count }) {
    const storage = storageOf(file)
    const insert = { type: 'insert', key, value: process.pid, expiresAt: null } as const
    return (await many(count, () => storage.commit([insert], now))).filter(Boolean).length
  },

  async replace({ file, targets, times }) {
    const storage = storageOf(file)
    const won = await Promise.all(
      targets.map(async ({ key, revision }) => {
        const replace = { type: 'replace', key, revision, value: process.pid, expiresAt: null } as const
        const results = await many(times, () => storage.commit([replace], now))
        return results.filter(Boolean).map(() => key.id)
      }),
    )
    return won.flat()
  },

  async write({ file, checked, count }) {
    const storage = storageOf(file)
    const results = await many(count, async (index) => {
      const key = { ...checked.key, id: `${process.pid}-${index}` }
      const insert = { type: 'insert', key, value: 1, expiresAt: null } as const
      // Reads before it writes: without the lock from the start, SQLite would refuse the write at once.
      const both = [{ type: 'check', ...checked }, insert] as const
      return storage.commit(index % 2 === 0 ? both : [insert], now).then(
        (done) => (done ? 'written' : 'refused'),
        (error: unknown) => String(error),
      )
    })
    return results.filter((result) => result !== 'written')
  },

  async hit({ file, key, count, limit, now }) {
    const counter = createCounter(storageOf(file))
    let hits = 0
    // One after the other: what one process asks at once is written together, and would hide updates that are lost between two.
    for (let attempt = 0; attempt < count; attempt++)
      if ((await counter.hit(key, { window: 60, limit, now })).allowed) hits++
    return hits
  },

  async sweep({ file, now }) {
    const storage = storageOf(file)
    let total = 0
    for (let count = -1; count !== 0; total += count) {
      count = await storage.sweep({ now, limit: 50 })
    }
    return total
  },

  async die({ file, operations, now, after }) {
    const storage = createSqliteStorage({ database: killAfter(new Database(file), after) })
    return storage.commit(operations as [Operation], now)
  },

  async churn({ file, keys, now }) {
    const storage = storageOf(file)
    for (let generation = 1; generation < 1_000_000; generation++) {
      const stored = await storage.get(keys, now)
      const operations = stored.map((record): Operation => {
        if (record === undefined) throw new Error('the record is gone')
        return {
          type: 'replace',
          key: record.key,
          revision: record.revision,
          value: generation,
          expiresAt: null,
        }
      })
      await storage.commit(operations as [Operation], now)
      process.stdout.write(`${generation}\n`)
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    return 'never killed'
  },
}

// Says that it has loaded, waits for the word, so that all workers start at the same moment.
const task = JSON.parse(process.argv[2] ?? '') as Task
process.stdout.write('ready\n')
createInterface({ input: process.stdin }).once('line', () => {
  const perform = performers[task.name] as (task: Task) => Promise<unknown>
  void perform(task).then((result) => {
    process.stdout.write(`${JSON.stringify(result)}\n`)
    process.exit(0)
  })
})
