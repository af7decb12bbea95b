// The process of one contender. It opens what it is told to and runs rounds when asked, so that contenders share neither a heap nor
// the compiler's assumptions, and the time of one is never another's garbage.
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'

const [module, options] = process.argv.slice(2)
const contender = await import(module).then(({ open }) => open(JSON.parse(options))).catch(fail)
const inputsOf = contender.prepare ?? ((count) => Array.from({ length: count }, () => contender.request))

/**
 * Prepares inputs, and waits until the engine is done with what that left to do: its threads compile and collect for a while.
 *
 * Only what is young is collected on command. A full collection throws compiled code away, with the hidden classes that it was compiled
 * for; no server has that between any two hundred requests. Nothing is while code is `warming` up: the engine would see the few objects
 * of a short round survive, take them for long-lived ones, and compile code that makes them old from the start.
 */
async function settledInputs({ count, warming = false }) {
  const inputs = await inputsOf(count)
  if (warming) return inputs
  globalThis.gc?.({ type: 'minor' })
  await setTimeout(50)
  return inputs
}

function fail(error) {
  process.send({ id: 0, error: textOf(error) }, () => process.exit(1))
  return new Promise(() => {})
}

function textOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/**
 * What the last operation gave. A server is never without a request under way: were nothing of the kind alive, a full collection would
 * take the hidden classes with it, and all code that was compiled for them.
 */
const latest = { result: undefined }

/** Runs an operation on each input, so many at once. */
async function runAll(inputs, atOnce) {
  if (atOnce === 1)
    for (const input of inputs) {
      const result = contender.run(input)
      latest.result = typeof result?.then === 'function' ? await result : result
    }
  else
    for (let at = 0; at < inputs.length; at += atOnce)
      latest.result = await Promise.all(inputs.slice(at, at + atOnce).map((input) => contender.run(input)))
}

let profiler

const commands = {
  /** Runs a contender's operation on prepared inputs; what is measured is that alone. */
  async round({ count, warming, atOnce = 1 }) {
    const inputs = await settledInputs({ count, warming })
    const started = process.hrtime.bigint()
    const before = process.cpuUsage()
    await runAll(inputs, atOnce)
    const { user, system } = process.cpuUsage(before)
    const wall = Number(process.hrtime.bigint() - started) / 1000
    return { cpu: (user + system) / count, wall: wall / count }
  },
  /** The same, under a profiler, which costs time of its own. */
  async profile({ count, atOnce = 1 }) {
    const inputs = await settledInputs({ count })
    await commands.startProfile()
    await runAll(inputs, atOnce)
    await commands.stopProfile()
  },
  async startProfile() {
    profiler ??= (await import('./profiler.mjs')).createProfiler()
    await profiler.start()
  },
  stopProfile: () => profiler.stop(),
  profiled: () => profiler.summary(),
  async listen() {
    const server = await (contender.server?.() ?? createServer(contender.listener))
    await new Promise((done) => server.listen(0, '127.0.0.1', done))
    return server.address().port
  },
  /** What is to be sent. Where every request is the same, it is handed over once: thousands of them would grow the young heap. */
  async requests({ count, warming }) {
    const inputs = await settledInputs({ count: contender.request === undefined ? count : 1, warming })
    return contender.request === undefined ? inputs : { each: inputs[0] }
  },
  usage() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  memory() {
    globalThis.gc?.()
    globalThis.gc?.()
    const { heapUsed, external, rss } = process.memoryUsage()
    return { heapUsed, external, rss }
  },
  about: () => contender.about ?? {},
  ask: ({ question, value }) => contender.answers[question](value),
}

process.on('message', (message) => void answer(message))
process.on('disconnect', () => process.exit())
process.send({ id: 0, result: 'ready' })

async function answer({ id, command, ...details }) {
  try {
    process.send({ id, result: await commands[command](details) })
  } catch (error) {
    process.send({ id, error: textOf(error) })
  }
}
