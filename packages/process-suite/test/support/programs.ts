import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { BytesOf } from './allocations.ts'
import type { Command } from './server.ts'

/** A process that serves. */
export interface Program {
  readonly pid: number
  tell(command: Command | BytesOf): Promise<unknown>
  kill(signal: 'SIGKILL' | 'SIGTERM'): void
  /** Resolves when it has ended: with its exit status, or the signal that ended it, and what it wrote to stderr. */
  readonly ended: Promise<{ readonly status: number | string | null; readonly complaints: string }>
}

/** Programs that are made of the sources, bundled once. */
export interface Programs {
  /** Starts the server of this suite, the target as it is, or what measures allocations, and waits until it listens. */
  start(program: keyof typeof sources, environment: Readonly<Record<string, string>>): Promise<Program>
  /** Kills what still runs and removes the bundles. */
  close(): Promise<void>
}

const sources = {
  server: new URL('server.ts', import.meta.url),
  allocations: new URL('allocations.ts', import.meta.url),
  main: new URL('../../../../examples/target/src/main.ts', import.meta.url),
}

/** Bundles the programs into a place from which node finds what cannot be bundled. */
export async function bundlePrograms(): Promise<Programs> {
  const here = new URL('../../', import.meta.url)
  const cache = fileURLToPath(new URL('node_modules/.cache/', here))
  mkdirSync(cache, { recursive: true })
  const folder = `${mkdtempSync(`${cache}programs-`)}/`
  await build({
    entryPoints: Object.fromEntries(Object.entries(sources).map(([name, url]) => [name, fileURLToPath(url)])),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@gatewright/source'],
    external: ['libsql', 'pg-native'],
    // Some of what is bundled still calls require.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  const running = new Set<Program>()
  return {
    async start(name, environment) {
      const program = await start(`${folder}${name}.mjs`, environment)
      running.add(program)
      void program.ended.then(() => running.delete(program))
      return program
    },
    async close() {
      for (const program of running) program.kill('SIGKILL')
      await Promise.all([...running].map((program) => program.ended))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function start(script: string, environment: Readonly<Record<string, string>>): Promise<Program> {
  const child = spawn(process.execPath, ['--expose-gc', script], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints += String(chunk)))
  child.stdin.on('error', () => undefined)
  const waiting = new Map<number, (result: unknown) => void>()
  let told = 0
  const ended = new Promise<{ status: number | string | null; complaints: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ status: signal ?? code, complaints }))
  })
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('listening')) resolve()
      else {
        const { id, result } = JSON.parse(line) as { id: number; result: unknown }
        waiting.get(id)?.(result)
        waiting.delete(id)
      }
    })
    void ended.then(({ status }) =>
      reject(new Error(`it ended with ${status} before it listened: ${complaints}`)),
    )
  })
  return {
    pid: child.pid ?? 0,
    ended,
    // Deno gives a signal that was sent by the object as how the process ended.
    kill: (signal) =>
      void (child.exitCode === null && child.signalCode === null && process.kill(child.pid ?? 0, signal)),
    tell: (command) =>
      new Promise((resolve) => {
        waiting.set(++told, resolve)
        child.stdin.write(`${JSON.stringify({ id: told, command })}\n`)
      }),
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
