import { median } from '../measure/statistics.mjs'

const other = 'authorize'

/** What the floor costs where it is not alone: its code and data are then in no near cache when it is called. */
export const cachesJob = {
  name: 'caches',
  title: 'The floor alone, and with an authorization request to Gatewright between two of its calls',
  async run(bench) {
    const rows = []
    for (const job of ['authorize', 'code', 'refresh', 'client-credentials', 'revoke', 'register'])
      rows.push(await rowOf(bench, job))
    return rows
  },
}

async function rowOf(bench, job) {
  const count = bench.settings.smoke ? 2 : 1000
  const worker = await bench.start({ module: 'authorization/between.mjs', options: { job, other } })
  const times = { alone: [], between: [] }
  const end = performance.now() + (bench.settings.smoke ? 0 : 6000)
  const takeBoth = async () => {
    for (const [question, taken] of Object.entries(times))
      taken.push(await worker.tell('ask', { question, value: count }))
  }
  // Until the code is compiled; only what comes afterwards counts.
  do await takeBoth()
  while (performance.now() < end)
  for (const taken of Object.values(times)) taken.length = 0
  while (times.alone.length < (bench.settings.smoke ? 1 : bench.settings.rounds)) await takeBoth()
  await worker.stop()
  const [alone, between] = [median(times.alone), median(times.between)]
  return {
    name: `floor: ${job}`,
    how: 'in process',
    figures: {
      'alone µs': alone.toFixed(1),
      'with another between µs': between.toFixed(1),
      '× alone': (between / alone).toFixed(2),
    },
  }
}
