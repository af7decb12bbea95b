import { createInterface } from 'node:readline'
import { createCounter } from '@gatewright/storage'
import type { Key, Operation, Revision } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import pg from 'pg'
import postgres from 'postgres'
import { dyingClient } from './dying-client.ts'
import type { Moment } from './dying-client.ts'

interface Place {
  readonly url: string
  readonly driver: 'pg' | 'postgres'
}

/** What a worker is told on its command line. */
export type Task = Place &
  (
    | { name: 'start'; table: string; key: Key; count: number }
    | { name: 'redeem'; code: { key: Key; revision: Revision }; count: number }
    | { name: 'replace'; targets: { key: Key; revision: Revision }[]; times: number }
    | { name: 'hit'; key: string; count: number; limit: number; now: number }
    | { name: 'sweep'; now: number }
    | { name: 'commit'; operations: Operation[] }
    | { name: 'die'; operations: Operation[]; moment: Moment }
    | { name: 'churn'; keys: Key[] }
  )

const now = 1_900_000_000_000
const many = <T>(count: number, attempt: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => attempt(index)))

function connect({ url, driver }: Place) {
  if (driver === 'postgres') return postgres(url, { max: 8, onnotice: () => undefined })
  const pool = new pg.Pool({ connectionString: url, max: 8, application_name: 'worker' })
  pool.on('error', () => undefined)
  return pool
}

// The timeout is no subject here, and the machine may be busy with other tests.
const storageOn = (place: Place) => createPostgresStorage({ client: connect(place), timeout: 60 })

type Performers = { [N in Task['name']]: (task: Extract<Task, { name: N }>) => Promise<unknown> }

const performers: Performers = {
  async start({ table, key, count, ...place }) {
    const client = connect(place)
    await migrate(client, { table })
    const storage = createPostgresStorage({ client, table, timeout: 60 })
    const insert = { type: 'insert', key, value: process.pid, expiresAt: null } as const
    return (await many(count, () => storage.commit([insert], now))).filter(Boolean).length
  },

  /** What a token endpoint does: read, check, then one commit that uses the code up and writes a token. */
  async redeem({ code, count, ...place }) {
    const storage = storageOn(place)
    const results = await many(count, async (index) => {
      const [stored] = await storage.get([code.key], now)
      if (stored?.value !== 'unused') return 'refused'
      const { key, revision } = stored
      const token = { ...key, collection: 'tokens', id: `${process.pid}-${index}` }
      const done = await storage.commit(
        [
          { type: 'insert', key: token, value: 1, expiresAt: null },
          { type: 'replace', key, revision, value: 'used', expiresAt: null },
        ],
        now,
      )
      return done ? token.id : 'refused'
    })
    return results.filter((result) => result !== 'refused')
  },

  async replace({ targets, times, ...place }) {
    const storage = storageOn(place)
    const won = await Promise.all(
      targets.map(async ({ key, revision }) => {
        const replace = { type: 'replace', key, revision, value: process.pid, expiresAt: null } as const
        const results = await many(times, () => storage.commit([replace], now))
        return results.filter(Boolean).map(() => key.id)
      }),
    )
    return won.flat()
  },

  async hit({ key, count, limit, now, ...place }) {
    const counter = createCounter(storageOn(place))
    let hits = 0
    // One after the other: what one process asks at once is written together, and would hide updates that are lost between two.
    for (let attempt = 0; attempt < count; attempt++)
      if ((await counter.hit(key, { window: 60, limit, now })).allowed) hits++
    return hits
  },

  async sweep({ now, ...place }) {
    const storage = storageOn(place)
    let total = 0
    for (let count = -1; count !== 0; total += Math.max(count, 0))
      count = await storage.sweep({ now, limit: 50 })
    return total
  },

  async commit({ operations, ...place }) {
    return storageOn(place).commit(operations as [Operation], now)
  },

  async die({ operations, moment, url }) {
    const client = await dyingClient(url, moment)
    return createPostgresStorage({ client }).commit(operations as [Operation], now)
  },

  async churn({ keys, ...place }) {
    const storage = storageOn(place)
    for (let generation = 1; generation < 1_000_000; generation++) {
      const stored = await storage.get(keys, now)
      const operations = stored.map((record): Operation => {
        if (record === undefined) throw new Error('the record is gone')
        const { key, revision } = record
        return { type: 'replace', key, revision, value: generation, expiresAt: null }
      })
      await storage.commit(operations as [Operation], now)
      process.stdout.write(`${generation}\n`)
    }
    return 'never killed'
  },
}

// Says that it has loaded, waits for the word, so that all workers start at the same moment.
const task = JSON.parse(process.argv[2] ?? '') as Task
process.stdout.write('ready\n')
createInterface({ input: process.stdin }).once('line', () => {
  const perform = performers[task.name] as (task: Task) => Promise<unknown>
  void perform(task)
    .catch((error: unknown) => String(error))
    .then((result) => {
      process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
    })
})
