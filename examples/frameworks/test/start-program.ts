import { spawn } from 'node:child_process'

export interface Program {
  /** The first URL that it printed. */
  readonly origin: string
  stop(): Promise<void>
}

interface Options {
  readonly folder: URL
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a server by the runtime that this runs under, and waits until it has printed where it listens. */
export async function startProgram(args: readonly string[], options: Options): Promise<Program> {
  const { child, ended } = run(args, options)
  const listening = new Promise<string>((resolve) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        // Not before the end of the line: a port may come in two pieces.
        const found = /https?:\/\/[\w.]+:\d+(?=\/?\s)/.exec(output)
        if (found !== null) resolve(found[0])
      })
  })
  const origin = await Promise.race([listening, ended.then(() => undefined)])
  if (origin === undefined) throw new Error(`${args.join(' ')} ended before it listened:\n${await ended}`)
  return {
    origin,
    async stop() {
      process.kill(child.pid ?? 0, 'SIGTERM')
      await ended
    },
  }
}

/** Runs a program to its end. */
export async function runProgram(args: readonly string[], options: Options): Promise<void> {
  const { child, ended } = run(args, options)
  const output = await ended
  if (child.exitCode !== 0) throw new Error(`${args.join(' ')} failed:\n${output}`)
}

function run(args: readonly string[], { folder, env = {} }: Options) {
  // By `env`, because Deno reads what is started by its own path as arguments for Node.js.
  const child = spawn('env', [process.execPath, ...args], {
    cwd: folder,
    // Nothing of the test's own environment, which frameworks behave differently in.
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      CI: 'true',
      NO_COLOR: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve(output))
  })
  return { child, ended }
}
