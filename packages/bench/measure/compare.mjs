import { runRound } from './run-round.mjs'
import { startWorker } from './start-worker.mjs'
import { median, spread } from './statistics.mjs'

/**
 * Runs contenders in turn, round by round, so that whatever else the machine does falls on all of them alike.
 *
 * The first contender is the measure: what the others cost is also given as a ratio to it, the median of the rounds' ratios.
 *
 * @returns for each contender the median CPU and wall time of an operation in microseconds, or why it could not run
 */
export async function compare(contenders, settings) {
  const {
    rounds,
    roundTime,
    warmUp = settings.smoke ? 0 : 6_000_000,
    http = false,
    connections = 16,
  } = settings
  const entries = []
  for (const contender of contenders) entries.push(await begin(contender, settings, http))
  for (let round = 0; round < rounds; round++)
    for (const entry of entries)
      if (entry.failure === undefined) {
        try {
          entry.results.push(await runRound(entry, Math.min(entry.count, mostOf(entry)), connections))
        } catch (error) {
          entry.failure = error
        }
      }
  for (const { worker } of entries) await worker?.stop()
  const [measure] = entries
  return entries.map((entry) => summary(entry, measure, http))

  /** Operations of one round at most. */
  function mostOf({ contender }) {
    return contender.most ?? settings.most ?? Infinity
  }

  async function begin(contender, settings, http) {
    const entry = { contender, results: [], failure: undefined }
    try {
      entry.worker = await startWorker(contender, settings)
      if (http) entry.port = await entry.worker.tell('listen')
      entry.count = settings.count ?? (await calibrate(entry))
    } catch (error) {
      entry.failure = error
    }
    return entry
  }

  /** Warms the contender up, and finds how many operations fill a round. */
  async function calibrate(entry) {
    const most = mostOf(entry)
    let count = 4
    let warm = 0
    const began = performance.now()
    for (;;) {
      const { wall } = await runRound(entry, count, connections)
      warm += wall * count
      // What takes microseconds may take a hundred times that to prepare.
      const isWarm = warm >= warmUp || (performance.now() - began) * 1000 >= 3 * warmUp
      const needed = Math.max(1, Math.ceil(roundTime / wall))
      // Compilers watch code for a while before they trust it.
      if (isWarm && count >= Math.min(needed, most)) return Math.min(count, needed)
      count = Math.min(needed, count * 8, most)
    }
  }
}

function summary({ contender, results, failure }, measure, http) {
  const base = { name: contender.name, note: contender.note, how: http ? 'HTTP' : 'in process' }
  if (failure !== undefined)
    return {
      ...base,
      failure: String(failure.message ?? failure)
        .split('\n', 1)[0]
        .slice(0, 300),
    }
  const cpu = results.map((result) => result.cpu)
  const ratios = results.flatMap((result, round) => {
    const other = measure.results[round]
    return other === undefined ? [] : [result.cpu / other.cpu]
  })
  return {
    ...base,
    cpu: median(cpu),
    spread: spread(cpu),
    wall: median(results.map(({ wall }) => wall)),
    ratio: ratios.length === 0 ? undefined : median(ratios),
  }
}
