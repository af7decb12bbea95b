import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** How a program ended, and what it printed. */
export interface ProgramOutcome {
  readonly status: number | string | null
  readonly output: string
}

/** A program that runs. */
export interface RunningProgram {
  /** Resolves when it has printed a line that matches; rejects when it ends before. */
  printed(pattern: RegExp): Promise<void>
  readonly output: () => string
  readonly outcome: Promise<ProgramOutcome>
  terminate(): void
}

/** A main program of an example, made runnable without a build. */
export interface BundledProgram {
  start(env?: Readonly<Record<string, string>>): RunningProgram
  remove(): void
}

/** Bundles the sources of a program into a place from which node finds what cannot be bundled. */
export async function bundleProgram(
  name: 'demo' | 'main',
  example = 'application-admin',
): Promise<BundledProgram> {
  const home = new URL(`../../../../examples/${example}/`, import.meta.url)
  const folder = fileURLToPath(new URL(`node_modules/.cache/interop-${process.pid}-${name}/`, home))
  const script = `${folder}${name}.mjs`
  mkdirSync(folder, { recursive: true })
  await build({
    entryPoints: [fileURLToPath(new URL(`src/${name}.ts`, home))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@gatewright/source'],
    external: ['libsql', 'express', 'fastify', 'pg'],
    // What was written for `require` and is bundled asks for Node's own modules by it.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  return {
    start: (env) => start(script, env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function start(script: string, env: Readonly<Record<string, string>> = {}): RunningProgram {
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      for (const listener of listeners) listener(line)
    })
  const output = () => lines.join('\n')
  const outcome = new Promise<ProgramOutcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ status: signal ?? code, output: output() }))
  })
  return {
    output,
    outcome,
    // Deno gives a signal that was sent by the object as how the process ended.
    terminate: () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(child.pid ?? 0, 'SIGTERM')
    },
    async printed(pattern) {
      if (lines.some((line) => pattern.test(line))) return
      const found = new Promise<true>((resolve) =>
        listeners.add((line) => {
          if (pattern.test(line)) resolve(true)
        }),
      )
      if ((await Promise.race([found, outcome])) !== true)
        throw new Error(`it ended without printing ${String(pattern)}:\n${output()}`)
    },
  }
}
