// Many whole flows through two processes over one database, with what they leave in memory and in the database.
import { createBrowser } from '../../interop/test/support/browser.ts'
import { startPair } from '../test/support/pair.ts'
import type { Pair } from '../test/support/pair.ts'
import { bundlePrograms } from '../test/support/programs.ts'
import type { Memory } from '../test/support/server.ts'
import { stores } from '../test/support/stores.ts'
import type { Store } from '../test/support/stores.ts'
import { openGauge } from './gauge.ts'
import type { Reading } from './gauge.ts'

const [count = '100000', ...chosen] = process.argv.slice(2)
const flows = Number(count)
const lanes = 16
/** Everything a flow leaves expires while the others run; only what belongs to a session, and a mark for an hour, lives on. */
const environment = {
  EVENTS_KEPT: '1000',
  ACCESS_TOKEN_TTL: '60',
  REFRESH_TOKEN_IDLE_TTL: '60',
  REFRESH_TOKEN_TTL: '90',
}
/** Seconds after which as much is swept as is written: the longest lifetime, and a minute by which a sweep may be late. */
const settled = 150
const print = (line: string) => process.stdout.write(`${line}\n`)
const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`

interface Sample {
  readonly memory: readonly Memory[]
  readonly reading: Reading
  readonly flows: number
  /** Since the first flow. */
  readonly seconds: number
}

async function soak(name: 'postgres' | 'redis'): Promise<string[]> {
  const programs = await bundlePrograms()
  const store = await stores[name].start()
  try {
    return await soakPair(name, await startPair(programs, store, environment), store)
  } finally {
    await programs.close()
    await store.remove()
  }
}

async function soakPair(name: 'postgres' | 'redis', pair: Pair, store: Store): Promise<string[]> {
  const gauge = await openGauge(store.url)
  const started = performance.now()
  let done = 0
  const state = { sweeping: true }

  async function sample(): Promise<Sample> {
    const memory = (await Promise.all(
      pair.programs.map((program) => program.tell({ name: 'memory' })),
    )) as Memory[]
    await pair.programs[0].tell({ name: 'sweep', now: Date.now(), limit: 1_000_000 })
    const reading = await gauge.read()
    const each = memory.map(
      ({ heap, rss, handles }) => `heap ${megabytes(heap)} rss ${megabytes(rss)} handles ${handles}`,
    )
    const seconds = Math.round((performance.now() - started) / 1000)
    print(
      `${name}: ${done} flows, ${seconds} s; ${each.join(' | ')}; ${reading.records} records and ${reading.marks} marks, ${megabytes(reading.bytes)}`,
    )
    return { memory, reading, flows: done, seconds }
  }

  const sweeper = (async () => {
    while (state.sweeping) {
      await pair.programs[0].tell({ name: 'sweep', now: Date.now(), limit: 100_000 })
      await new Promise((resolve) => setTimeout(resolve, name === 'redis' ? 60_000 : 2000))
    }
  })()

  await sample()
  const samples: Sample[] = []
  for (let part = 1; part <= 10; part++) {
    const goal = Math.round((flows * part) / 10)
    let begun = done
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        let browser = createBrowser()
        for (let turn = 1; begun++ < goal; turn++) {
          await flow(pair, browser, begun)
          done++
          if (turn % 50 === 0) browser = createBrowser()
        }
      }),
    )
    samples.push(await sample())
  }
  state.sweeping = false
  await sweeper
  // Sessions and the like live for hours: a sweep of the day after tomorrow takes what is not kept on purpose.
  const later = Date.now() + 2 * 86_400_000
  while (Number(await pair.programs[0].tell({ name: 'sweep', now: later, limit: 1_000_000 })) > 0);
  const last = await sample()
  await gauge.close()
  return judge(name, samples, last)
}

/** One user who approves, and a client that redeems, refreshes at both processes, checks, and sometimes revokes. */
async function flow({ client, origins }: Pair, browser: ReturnType<typeof createBrowser>, number: number) {
  const begun = performance.now()
  const [here, there] = number % 2 === 0 ? origins : ([origins[1], origins[0]] as const)
  const code = await client.obtainCode(browser)
  const tokens = await client.redeem(here, code)
  const next = await client.refresh(there, tokens.json.refresh_token)
  const more = await client.refresh(here, next.json.refresh_token)
  if (more.status !== 200)
    throw new Error(
      `flow ${number}, ${Math.round(performance.now() - begun)} ms: ${JSON.stringify([tokens, next, more])}`,
    )
  if (number % 10 === 0 && !(await client.isActive(there, more.json.access_token)))
    throw new Error(`flow ${number}: the access token is not active`)
  if (number % 3 === 0) await client.revoke(there, more.json.refresh_token)
}

/** What is not flat. The first tenth warms up. */
function judge(name: string, samples: readonly Sample[], last: Sample): string[] {
  const [warm] = samples
  const end = samples.at(-1)
  if (warm === undefined || end === undefined) return [`${name}: nothing was measured`]
  const complaints: string[] = []
  for (const index of [0, 1]) {
    const heap = (sample: Sample) => sample.memory[index]?.heap ?? 0
    const handles = (sample: Sample) => sample.memory[index]?.handles ?? 0
    if (heap(end) > heap(warm) * 1.2 + 4_194_304)
      complaints.push(`${name}: the heap of process ${index + 1} has grown`)
    // Sockets of clients and of the pool come and go.
    if (handles(end) > handles(warm) + 2 * lanes)
      complaints.push(`${name}: the handles of process ${index + 1} have grown`)
  }
  complaints.push(...judgeSize(name, samples))
  const left = last.reading.records + last.reading.marks
  if (left > 100) complaints.push(`${name}: ${left} records are left`)
  if (end.reading.marks > end.flows * 1.01)
    complaints.push(`${name}: ${end.flows} flows have left ${end.reading.marks} marks`)
  return complaints
}

/**
 * What the database holds after a sweep, from when it has settled. It follows the pace of the machine, so half as much
 * again is allowed; sessions leave less than a record for every five flows. A leak of one record per flow is more.
 */
function judgeSize(name: string, samples: readonly Sample[]): string[] {
  const base = samples.find(({ seconds }, index) => index > 0 && seconds > settled)
  const end = samples.at(-1)
  if (base === undefined || end === undefined || samples.indexOf(base) > samples.length - 4) {
    print(`${name}: too short to tell whether the database grows: that takes three tenths after ${settled} s`)
    return []
  }
  const sessions = (end.flows - base.flows) / 5
  const complaints: string[] = []
  if (end.reading.records > base.reading.records * 1.5 + sessions)
    complaints.push(
      `${name}: the records have grown from ${base.reading.records} to ${end.reading.records} after a sweep`,
    )
  // The room of what was removed is used again only after a vacuum.
  const lasting = sessions + end.reading.marks - base.reading.marks
  if (end.reading.bytes > base.reading.bytes * 1.5 + lasting * 1000 + 33_554_432)
    complaints.push(
      `${name}: the database has grown from ${megabytes(base.reading.bytes)} to ${megabytes(end.reading.bytes)}`,
    )
  return complaints
}

const names = (['postgres', 'redis'] as const).filter((name) => chosen.length === 0 || chosen.includes(name))
const complaints = (
  await Promise.all(
    names.map(async (name) => {
      const { missing } = stores[name]
      if (missing !== undefined) return [`${name}: ${missing}`]
      return soak(name).catch((error: unknown) => [`${name}: ${String(error)}`])
    }),
  )
).flat()
for (const complaint of complaints) print(complaint)
print(complaints.length === 0 ? 'soak: flat, and what had expired is gone' : 'soak: FAILED')
process.exitCode = complaints.length === 0 ? 0 : 1
