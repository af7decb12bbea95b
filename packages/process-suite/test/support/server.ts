import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { toNodeListener } from '@gatewright/node'
import type { Key, Listing, Storage, Sweeper } from '@gatewright/storage'
import { createTarget } from '@gatewright-examples/target'
import { readSettings } from '@gatewright-examples/target/settings'
import { migrateStorage, openStorage } from '@gatewright-examples/target/storage'

/** What the program is told on its standard input, with a number that the answer on its standard output repeats. */
export type Command =
  /** Dies, as by `kill -9`, right before or after so many calls of the storage, counted from here. */
  | { readonly name: 'die'; readonly moment: 'before' | 'after'; readonly at: number }
  /** Tells the calls of the storage since the last time: `get grants`. */
  | { readonly name: 'trips' }
  /** Collects garbage, and tells what is left. */
  | { readonly name: 'memory' }
  | { readonly name: 'sweep'; readonly now: number; readonly limit: number }

/** What is left in a process after its garbage was collected. */
export interface Memory {
  /** Bytes. */
  readonly heap: number
  readonly rss: number
  /** Timers, sockets and other things that keep a process alive. */
  readonly handles: number
}

const settings = readSettings(process.env)
await migrateStorage(settings.STORAGE)
const opened = openStorage(settings.STORAGE)
const trips: string[] = []
let counted = 0
let death: { moment: 'before' | 'after'; at: number } | undefined

async function through<T>(kind: string, keys: readonly Key[], call: () => Promise<T>): Promise<T> {
  const number = ++counted
  if (trips.length < 1000) trips.push(`${kind} ${keys.map(({ collection }) => collection).join('+')}`)
  const dieAt = (moment: 'before' | 'after') => {
    if (death?.moment === moment && death.at === number) process.kill(process.pid, 'SIGKILL')
  }
  dieAt('before')
  const result = await call()
  dieAt('after')
  return result
}

const storage: Storage & Listing & Sweeper = {
  get: (keys, now) => through('get', keys, () => opened.get(keys, now)),
  commit(operations, now) {
    const keys = operations.map(({ key }) => key)
    return through('commit', keys, () => opened.commit(operations, now))
  },
  list: (partition, collection, page) => opened.list(partition, collection, page),
  sweep: (bounds) => opened.sweep(bounds),
}

async function perform(command: Command): Promise<unknown> {
  if (command.name === 'die') {
    counted = 0
    death = command
    return true
  }
  if (command.name === 'trips') return trips.splice(0)
  if (command.name === 'sweep') return storage.sweep(command)
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    globalThis.gc?.()
  }
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed, rss, handles: process.getActiveResourcesInfo().length } satisfies Memory
}

const server = createServer(toNodeListener(createTarget(settings, storage)))
// A client that was busy elsewhere for a while finds its connection open.
server.keepAliveTimeout = 600_000
server.listen(settings.PORT, '127.0.0.1', () => process.stdout.write('listening\n'))
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, command } = JSON.parse(line) as { id: number; command: Command }
  void perform(command).then((result) => process.stdout.write(`${JSON.stringify({ id, result })}\n`))
})
// Whoever started it has gone.
process.stdin.on('end', () => process.exit(0))
