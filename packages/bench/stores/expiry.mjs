import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { createMemoryStorage } from '@gatewright/storage'

const perCommit = 100

/** Opens a memory storage whose records have all expired, and sweeps it while something else wants to run. */
export async function open({ records }) {
  const storage = createMemoryStorage({ maxRecords: records * 2 })
  const now = Date.now()
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
  return {
    run() {},
    answers: { sweep: () => watch(() => storage.sweep({ now: now + 3_600_001, limit: records })) },
  }
}

/** Does some work, and tells how long each turn of the event loop was meanwhile, and the longest collection of garbage. */
async function watch(work) {
  globalThis.gc?.()
  const turns = []
  let collecting = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collecting = Math.max(collecting, duration)
  })
  observer.observe({ entryTypes: ['gc'] })
  const state = { done: false }
  const finished = work().finally(() => (state.done = true))
  let last = busy()
  while (!state.done) {
    await setImmediate()
    const current = busy()
    turns.push(current - last)
    last = current
  }
  const result = await finished
  await setImmediate()
  observer.disconnect()
  return { swept: result, turns, collecting }
}

/** Milliseconds that this thread has worked: what others do on the machine is no pause of ours. */
function busy() {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
  return (user + system) / 1000
}
