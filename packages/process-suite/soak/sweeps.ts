// A sweep of very many expired records in one process, and how long commits wait in another meanwhile.
import { Worker } from 'node:worker_threads'
import { openStorage } from '@gatewright-examples/target/storage'
import Database from 'libsql'
import pg from 'pg'
import { bundlePrograms, freePort } from '../test/support/programs.ts'
import { stores } from '../test/support/stores.ts'

const [count = '1000000', ...chosen] = process.argv.slice(2)
const records = Number(count)
/** The longest that a commit may wait for a sweep, in milliseconds. */
const bound = 50
const print = (line: string) => process.stdout.write(`${line}\n`)

type Name = 'sqlite' | 'postgres'

/** Grants of 700 bytes that expired a day ago, written behind the back of the storage. */
async function fill(url: string): Promise<void> {
  const ended = Date.now() - 86_400_000
  const value = JSON.stringify({ sealed: 'x'.repeat(686) })
  if (url.startsWith('sqlite:')) {
    const database = new Database(url.slice('sqlite:'.length))
    database.exec(
      `insert into gatewright_records with recursive n (i) as
      (values (1) union all select i + 1 from n where i < ${records})
      select 'p' || i, 'grants', 'g' || i, '${value}', 'r', ${ended}, ${ended} from n`,
    )
    database.close()
    return
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `insert into gatewright_records (partition, collection, id, value, revision, expires_at, sweep_at)
    select 'p' || n, 'grants', 'g' || n, $1, 'r', $2::bigint, $2::bigint from generate_series(1, $3::int) as n`,
    [value, ended, records],
  )
  await client.query('vacuum analyze gatewright_records')
  await client.end()
}

/** Issues grants one after the other until it is told to stop; returns how long each commit took. */
async function issue(storage: ReturnType<typeof openStorage>, prefix: string, going: () => boolean) {
  const times: number[] = []
  while (going()) {
    const key = { partition: `${prefix}${times.length}`, collection: 'grants', id: 'issued' }
    const now = Date.now()
    const begun = performance.now()
    const done = await storage.commit(
      [{ type: 'insert', key, value: { sealed: 'x'.repeat(686) }, expiresAt: now + 3_600_000 }],
      now,
    )
    times.push(performance.now() - begun)
    if (!done) throw new Error('a new key is taken')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return times.toSorted((one, other) => one - other)
}

/** Looks again and again, in a thread, whether the lock of an SQLite file is held; tells for how long each time, in milliseconds. */
const watcher = `
const { parentPort, workerData } = require('node:worker_threads')
const Database = require('node:module').createRequire(workerData.from)('libsql')
const database = new Database(workerData.path)
database.exec('pragma busy_timeout = 0')
const nap = new Int32Array(new SharedArrayBuffer(4))
const stop = new Int32Array(workerData.stop)
const held = []
let since
while (Atomics.load(stop, 0) === 0) {
  try {
    database.exec('begin immediate')
    database.exec('rollback')
    if (since !== undefined) held.push(performance.now() - since)
    since = undefined
  } catch {
    since ??= performance.now()
  }
  Atomics.wait(nap, 0, 0, 0.25)
}
parentPort.postMessage(held)
`

async function watchFile(path: string, going: () => boolean): Promise<number[]> {
  const stop = new SharedArrayBuffer(4)
  const worker = new Worker(watcher, { eval: true, workerData: { path, stop, from: import.meta.url } })
  const held = new Promise<number[]>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  while (going()) await new Promise((resolve) => setTimeout(resolve, 50))
  Atomics.store(new Int32Array(stop), 0, 1)
  return held
}

/** Looks all the time how long anybody has been waiting for a lock; tells how long each time, in milliseconds. */
async function watchLocks(url: string, going: () => boolean): Promise<number[]> {
  if (url.startsWith('sqlite:')) return watchFile(url.slice('sqlite:'.length), going)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const waits: number[] = []
  while (going()) {
    const { rows } = await client.query<{ wait: string | null }>(
      `select max(extract(epoch from clock_timestamp() - waitstart)) * 1000 as wait from pg_locks where not granted`,
    )
    if (Number(rows[0]?.wait ?? 0) > 0) waits.push(Number(rows[0]?.wait))
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  await client.end()
  return waits
}

async function measure(name: Name): Promise<string[]> {
  const programs = await bundlePrograms()
  const store = await stores[name].start()
  try {
    const environment = { PORT: String(await freePort()), STORAGE: store.url }
    const sweeper = await programs.start('server', environment)
    await fill(store.url)
    const storage = openStorage(store.url)
    const until = performance.now() + 5000
    const alone = await issue(storage, 'before', () => performance.now() < until)

    const begun = performance.now()
    const state = { swept: 0, sweeping: true }
    const sweep = (async () => {
      const command = { name: 'sweep', now: Date.now(), limit: 2 * records } as const
      state.swept = Number(await sweeper.tell(command))
      state.sweeping = false
    })()
    const [during, unsorted] = await Promise.all([
      issue(storage, 'during', () => state.sweeping),
      watchLocks(store.url, () => state.sweeping),
      sweep,
    ])
    const seconds = (performance.now() - begun) / 1000
    const waits = unsorted.toSorted((one, other) => one - other)

    const at = (times: readonly number[], part: number) =>
      times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
    const told = (times: readonly number[]) =>
      `${times.length} commits, median ${at(times, 0.5).toFixed(1)} ms, 99 % ${at(times, 0.99).toFixed(1)} ms, longest ${at(times, 1).toFixed(1)} ms`
    print(
      `${name}: swept ${state.swept} of ${records} in ${seconds.toFixed(1)} s (${Math.round(state.swept / seconds)} a second)`,
    )
    print(`${name}: without a sweep ${told(alone)}`)
    print(`${name}: during the sweep ${told(during)}`)
    print(
      `${name}: ${waits.length} waits for a lock, 99 % ${at(waits, 0.99).toFixed(1)} ms, longest ${at(waits, 1).toFixed(1)} ms`,
    )
    return [
      // One in a hundred may meet a busy machine, which puts off whoever holds the lock.
      ...(at(waits, 0.99) > bound ? [`${name}: a lock was held for more than ${bound} ms`] : []),
      ...(state.swept < records ? [`${name}: expired records are left`] : []),
      ...(at(during, 0.99) > bound ? [`${name}: commits wait for more than ${bound} ms`] : []),
    ]
  } finally {
    await programs.close()
    await store.remove()
  }
}

const complaints: string[] = []
for (const name of ['sqlite', 'postgres'] as const) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const { missing } = stores[name]
  complaints.push(...(missing === undefined ? await measure(name) : [`${name}: ${missing}`]))
}
for (const complaint of complaints) print(complaint)
print(complaints.length === 0 ? 'sweeps: nobody waits' : 'sweeps: FAILED')
// The storages hold connections to databases that are gone.
process.exit(complaints.length === 0 ? 0 : 1)
