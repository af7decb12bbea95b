import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A private server on the loopback address. */
export interface RedisServer {
  readonly port: number
  /** Ends the process as `kill -9` does. */
  kill(): Promise<void>
  /** Lets it answer nothing, with its connections open, until `resume`. */
  suspend(): void
  resume(): void
  /** Starts it again on the same port and directory. */
  restart(): Promise<void>
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** The servers that the storage is for. */
export type ServerKind = 'Redis' | 'Valkey'

const programs: Readonly<Record<ServerKind, string>> = { Redis: 'redis-server', Valkey: 'valkey-server' }

/** Why tests on a real server are skipped, or `undefined` when there is one. */
function missingServer(kind: ServerKind): string | undefined {
  const program = programs[kind]
  return spawnSync(program, ['--version']).status === 0 ? undefined : `${program} is not installed`
}

/** The same of Redis. */
export const noRedis = missingServer('Redis')

/** Every kind, with the reason why it is missing. */
export const serverKinds = [
  ['Redis', noRedis],
  ['Valkey', missingServer('Valkey')],
] as const

/** Starts a server that keeps nothing on disk unless its settings say so, and waits until it answers. */
export async function startRedis(
  settings: readonly string[] = [],
  kind: ServerKind = 'Redis',
): Promise<RedisServer> {
  const program = programs[kind]
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-redis-'))
  const port = await freePort()
  let running = await launch(program, directory, port, settings)
  const kill = async () => {
    const isRunning = running.exitCode === null && running.signalCode === null
    if (isRunning) await new Promise((resolve) => running.once('exit', resolve).kill('SIGKILL'))
  }
  return {
    port,
    kill,
    // By its id: under Deno the object sends one signal in its life, and takes it for the end of the process.
    suspend: () => void process.kill(running.pid ?? 0, 'SIGSTOP'),
    resume: () => void process.kill(running.pid ?? 0, 'SIGCONT'),
    async restart() {
      await kill()
      running = await launch(program, directory, port, settings)
    },
    async stop() {
      await kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function launch(program: string, directory: string, port: number, settings: readonly string[]) {
  const fixed = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory]
  const child = spawn(program, [...fixed, '--save', '', '--appendonly', 'no', ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise<typeof child>((resolve, reject) => {
    let output = ''
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${program} did not start: ${output}`)))
    child.stdout.on('data', (text: Buffer) => {
      if (output.includes('Ready to accept connections')) return
      output += text.toString()
      if (output.includes('Ready to accept connections')) resolve(child)
    })
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  // The bus of a cluster listens 10,000 above, which must be a port as well.
  return port < 55_000 ? port : freePort()
}
