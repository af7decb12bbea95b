import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('worker.mjs', import.meta.url))

/** Starts the process of a contender; `module` is relative to the folder of this package. */
export async function startWorker({ module, options = {} }, { runtime, flags = [] }) {
  const path = new URL(`../${module}`, import.meta.url).href
  const child = fork(program, [path, JSON.stringify(options)], {
    execPath: runtime,
    execArgv: ['--expose-gc', '--max-old-space-size=8192', '--disable-warning=ExperimentalWarning', ...flags],
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const waiting = new Map()
  child.on('message', ({ id, result, error }) => {
    const { done, failed } = waiting.get(id) ?? {}
    waiting.delete(id)
    if (error === undefined) done?.(result)
    else failed?.(new Error(`${module}: ${error}`))
  })
  child.on('exit', (status) => {
    for (const { failed } of waiting.values()) failed(new Error(`${module} ended with status ${status}`))
    waiting.clear()
  })
  const answered = (id) => new Promise((done, failed) => waiting.set(id, { done, failed }))
  let count = 0
  await answered(0)
  return {
    tell(command, details = {}) {
      const id = ++count
      const answer = answered(id)
      child.send({ id, command, ...details })
      return answer
    },
    stop() {
      if (child.exitCode !== null || child.signalCode !== null) return undefined
      const ended = new Promise((done) => child.once('exit', done))
      child.kill()
      return ended
    },
  }
}
