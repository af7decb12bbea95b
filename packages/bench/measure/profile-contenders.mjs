import { openLine } from './load.mjs'
import { requestsOf } from './requests-of.mjs'
import { runRound } from './run-round.mjs'
import { startWorker } from './start-worker.mjs'

const second = 1_000_000

/** Profiles contenders one after another: how the time of one operation is spent when the code is warm, in percent. */
export async function profileContenders(contenders, settings) {
  const { http = false, connections = 16, smoke } = settings
  const rows = []
  for (const contender of contenders) {
    const row = { name: contender.name, how: http ? 'HTTP' : 'in process' }
    const worker = await startWorker(contender, settings)
    try {
      const port = http ? await worker.tell('listen') : undefined
      const most = contender.most ?? settings.most ?? 20_000
      const warm = await warmUp((count) =>
        runRound({ worker, port, contender }, Math.min(count, most), connections, true),
      )
      for (let round = 0; round < (smoke ? 1 : 5); round++)
        await profileOnce({ worker, port, contender }, Math.min(warm, most))
      rows.push({ ...row, ...(await worker.tell('profiled')) })
    } catch (error) {
      rows.push({ ...row, failure: String(error.message).slice(0, 300) })
    } finally {
      await worker.stop()
    }
  }
  return rows

  /** Runs rounds for some seconds; gives the operations of one. */
  async function warmUp(run) {
    let count = smoke ? 2 : 4
    const began = performance.now()
    for (;;) {
      const { wall } = await run(count)
      if (smoke || performance.now() - began >= 8000) return count
      count = Math.min(Math.max(1, Math.ceil(second / wall)), count * 8)
    }
  }

  async function profileOnce({ worker, port, contender }, count) {
    if (!http) {
      await worker.tell('profile', { count, atOnce: contender.atOnce })
      return
    }
    const requests = await requestsOf(worker, count)
    const line = await openLine(port, connections)
    try {
      await worker.tell('startProfile')
      await line.send(requests)
      await worker.tell('stopProfile')
    } finally {
      line.close()
    }
  }
}
