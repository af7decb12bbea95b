import { openLine } from './load.mjs'
import { requestsOf } from './requests-of.mjs'

/**
 * Runs one round of a contender, in process or over connections to its port; the times are of one operation, in microseconds.
 *
 * `warming` says that the round is for the compiler alone.
 */
export async function runRound({ worker, port, contender }, count, connections, warming = false) {
  if (port === undefined) return worker.tell('round', { count, warming, atOnce: contender.atOnce })
  const requests = await requestsOf(worker, count, warming)
  const line = await openLine(port, connections)
  try {
    const before = await worker.tell('usage')
    const started = performance.now()
    await line.send(requests)
    const wall = (performance.now() - started) * 1000
    const after = await worker.tell('usage')
    return { cpu: (after - before) / count, wall: wall / count }
  } finally {
    line.close()
  }
}
