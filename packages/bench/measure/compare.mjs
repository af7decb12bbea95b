import { availableParallelism } from 'node:os'
import { runRound } from './run-round.mjs'
import { startWorker } from './start-worker.mjs'
import { median, spread } from './statistics.mjs'

/** Microseconds of a round that only warms up: long, because each round is followed by a pause. */
const warmRound = 500_000

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
  const entries = contenders.map((contender) => ({ contender, results: [], failure: undefined }))
  // Side by side, for only the time matters that is taken afterwards, when each runs alone.
  await inLanes(availableParallelism(), entries, begin)
  for (const entry of entries) if (settings.count === undefined) await attempt(entry, calibrate)
  for (let round = 0; round < rounds; round++)
    for (const entry of entries)
      await attempt(entry, async () =>
        entry.results.push(await runRound(entry, Math.min(entry.count, mostOf(entry)), connections)),
      )
  for (const { worker } of entries) await worker?.stop()
  const [measure] = entries
  return entries.map((entry) => summary(entry, measure, http))

  /** Operations of one round at most. */
  function mostOf({ contender }) {
    return contender.most ?? settings.most ?? Infinity
  }

  async function begin(entry) {
    await attempt(entry, async () => {
      entry.worker = await startWorker(entry.contender, settings)
      if (http) entry.port = await entry.worker.tell('listen')
      if (settings.count === undefined) await warm(entry)
      else entry.count = settings.count
    })
  }

  /** Runs a contender until its code is compiled. */
  async function warm(entry) {
    const most = mostOf(entry)
    let spent = 0
    const began = performance.now()
    entry.count = 4
    for (;;) {
      const { wall } = await runRound(entry, entry.count, connections, true)
      spent += wall * entry.count
      // What takes microseconds may take a hundred times that to prepare.
      const isWarm = spent >= warmUp || (performance.now() - began) * 1000 >= 3 * warmUp
      const needed = Math.min(countIn(wall, warmRound), most)
      // Compilers watch code for a while before they trust it.
      if (isWarm && entry.count >= Math.min(needed, countIn(wall, roundTime))) return
      entry.count = Math.min(needed, entry.count * 8)
    }
  }

  /** Finds how many operations fill a round. */
  async function calibrate(entry) {
    const { wall } = await runRound(entry, entry.count, connections)
    entry.count = countIn(wall, roundTime)
  }
}

/** How many operations fill so many microseconds. */
function countIn(wall, time) {
  return Math.max(1, Math.ceil(time / wall))
}

async function attempt(entry, step) {
  if (entry.failure !== undefined) return
  try {
    await step(entry)
  } catch (error) {
    entry.failure = error
  }
}

async function inLanes(count, entries, step) {
  const waiting = entries.values()
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (const entry of waiting) await step(entry)
    }),
  )
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
