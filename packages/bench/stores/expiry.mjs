import { createHistogram, PerformanceObserver } from 'node:perf_hooks'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { createMemoryStorage } from '@gatewright/storage'

const perCommit = 100

/** Opens a memory storage that is filled with records which have all expired, and sweeps it while something else wants to run. */
export async function open({ records }) {
  const storage = createMemoryStorage({ maxRecords: records * 2 })
  return {
    run() {},
    answers: {
      async sweep() {
        const now = Date.now()
        await fill(storage, records, now)
        return watch(() => storage.sweep({ now: now + 3_600_001, limit: records }))
      },
      /** As many turns in which there is nothing to do. */
      idle: () => watch(() => wait(records / 50)),
    },
  }
}

async function wait(turns) {
  for (let turn = 0; turn < turns; turn++) await setTimeout(0)
}

async function fill(storage, records, now) {
  for (let made = 0; made < records; made += perCommit) {
    const operations = Array.from({ length: perCommit }, (_, index) => ({
      type: 'insert',
      key: { partition: `bench:g:${made}`, collection: 'grants', id: `${made + index}` },
      value: { schema: 1, clientId: 'app', subject: 'alice', scope: 'read:application' },
      // Spread over an hour, as logins are.
      expiresAt: now + (((made + index) * 7919) % 3600) * 1000,
    }))
    await storage.commit(operations, now)
  }
}

/** Does some work, and tells how long each turn of the event loop was meanwhile, and the longest collection of garbage. */
async function watch(work) {
  globalThis.gc?.()
  // Not a list of millions of turns, whose own growing and collecting would be the longest of them.
  const turns = createHistogram()
  let collecting = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collecting = Math.max(collecting, duration)
  })
  observer.observe({ entryTypes: ['gc'] })
  const state = { done: false }
  const finished = work().finally(() => (state.done = true))
  let last = performance.now()
  while (!state.done) {
    await setImmediate()
    const current = performance.now()
    turns.record(Math.max(1, Math.round((current - last) * 1_000_000)))
    last = current
  }
  const result = await finished
  await setImmediate()
  observer.disconnect()
  const milliseconds = (percentile) => turns.percentile(percentile) / 1_000_000
  return {
    swept: result,
    median: milliseconds(50),
    p99: milliseconds(99),
    'p99.9': milliseconds(99.9),
    longest: turns.max / 1_000_000,
    collecting,
  }
}
