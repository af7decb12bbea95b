import { openLine } from './load.mjs'

/** Runs one round of a contender, in process or over connections to its port; the times are of one operation, in microseconds. */
export async function runRound({ worker, port }, count, connections) {
  if (port === undefined) return worker.tell('round', { count })
  const requests = await worker.tell('requests', { count })
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
