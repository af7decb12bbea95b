import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Task } from './worker.ts'

/** How a worker ended: the value that it printed last, or the signal that killed it. */
export interface Outcome {
  readonly result: unknown
  readonly signal: string | null
  readonly lines: readonly string[]
}

/** A running worker. */
export interface Worker {
  /** Resolves when it has loaded and waits. */
  readonly ready: Promise<unknown>
  go(): void
  kill(): void
  /** Called for every line that it prints after "ready". */
  onLine(listener: (line: string) => void): void
  readonly outcome: Promise<Outcome>
}

/** Processes that run this package's sources, bundled once. */
export interface WorkerPool {
  start(task: Task): Worker
  /** Runs tasks in one process each, all at the same moment, and returns what they printed. */
  race(tasks: readonly Task[]): Promise<unknown[]>
  /** Kills what still runs and removes the bundle. */
  close(): Promise<void>
}

/** Bundles the worker into a place from which node finds the drivers. */
export async function createWorkerPool(): Promise<WorkerPool> {
  const directory = fileURLToPath(
    new URL(`../../node_modules/.cache/worker-${process.pid}/`, import.meta.url),
  )
  const script = `${directory}worker.mjs`
  mkdirSync(directory, { recursive: true })
  await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@gatewright/source'],
    external: ['pg', 'postgres'],
  })
  const running = new Set<Worker>()

  function start(task: Task): Worker {
    const child = spawn(process.execPath, [script, JSON.stringify(task)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines: string[] = []
    const listeners = new Set<(line: string) => void>()
    const { promise: ready, resolve: isReady } = withResolvers()
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') return isReady()
      lines.push(line)
      for (const listener of listeners) listener(line)
    })
    const outcome = new Promise<Outcome>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (_code, signal) => {
        running.delete(worker)
        const last = lines.at(-1)
        resolve({ result: last === undefined ? undefined : JSON.parse(last), signal, lines })
      })
    })
    const worker: Worker = {
      ready,
      go: () => child.stdin.write('go\n'),
      kill: () => child.kill('SIGKILL'),
      onLine: (listener) => listeners.add(listener),
      outcome,
    }
    running.add(worker)
    return worker
  }

  return {
    start,
    async race(tasks) {
      const workers = tasks.map(start)
      await Promise.all(workers.map((worker) => worker.ready))
      for (const worker of workers) worker.go()
      return (await Promise.all(workers.map((worker) => worker.outcome))).map(({ result }) => result)
    },
    async close() {
      for (const worker of running) worker.kill()
      await Promise.all([...running].map((worker) => worker.outcome))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}
