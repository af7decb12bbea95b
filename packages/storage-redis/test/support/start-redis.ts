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
  /** Starts it again on the same port and directory. */
  restart(): Promise<void>
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** Why tests on a real server are skipped, or `undefined` when there is one. */
export const noRedis =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'redis-server is not installed'

/** Starts a server that keeps nothing on disk unless its settings say so, and waits until it answers. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-redis-'))
  const port = await freePort()
  let running = await launch(directory, port, settings)
  const kill = async () => {
    const isRunning = running.exitCode === null && running.signalCode === null
    if (isRunning) await new Promise((resolve) => running.once('exit', resolve).kill('SIGKILL'))
  }
  return {
    port,
    kill,
    async restart() {
      await kill()
      running = await launch(directory, port, settings)
    },
    async stop() {
      await kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function launch(directory: string, port: number, settings: readonly string[]) {
  const fixed = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory]
  const child = spawn('redis-server', [...fixed, '--save', '', '--appendonly', 'no', ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise<typeof child>((resolve, reject) => {
    let output = ''
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`redis-server did not start: ${output}`)))
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
