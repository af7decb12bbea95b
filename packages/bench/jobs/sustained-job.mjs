import { openLine } from '../measure/load.mjs'
import { requestsOf } from '../measure/requests-of.mjs'
import { quantile } from '../measure/statistics.mjs'

const connections = 64

/** Whole exchanges over many connections for a minute: whether anything breaks, grows or stalls. */
export const sustainedJob = {
  name: 'sustained',
  title: `Client credentials over ${connections} connections for 60 s`,
  async run(bench) {
    const end = performance.now() + (bench.settings.smoke ? 500 : 60_000)
    const options = { server: 'authorization/gatewright.mjs', job: 'client-credentials' }
    const worker = await bench.start({ module: 'authorization/workload.mjs', options })
    try {
      const port = await worker.tell('listen')
      const requests = await requestsOf(worker, 2000)
      // Kept, as a proxy keeps its own: what a new connection costs is no matter of the server’s work.
      const line = await openLine(port, connections)
      await line.send(requests)
      const before = await worker.tell('memory')
      const times = []
      let sent = 0
      while (performance.now() < end) {
        const { times: taken } = await line.send(requests)
        sent += requests.length
        times.push(...taken)
      }
      line.close()
      const after = await worker.tell('memory')
      const [middle, slow] = [quantile(times, 0.5), quantile(times, 0.99)]
      const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1)
      return [
        {
          name: 'gatewright',
          how: 'HTTP',
          note: 'an error or a wrong status would end the run',
          figures: {
            requests: sent,
            'median ms': (middle / 1000).toFixed(2),
            'p99 ms': (slow / 1000).toFixed(2),
            'p99 / median': (slow / middle).toFixed(1),
            'heap MB before': megabytes(before.heapUsed),
            'heap MB after': megabytes(after.heapUsed),
          },
        },
      ]
    } finally {
      await worker.stop()
    }
  },
}
