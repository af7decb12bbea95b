import { createClient } from './client.ts'
import type { Client } from './client.ts'
import { freePort } from './programs.ts'
import type { Program, Programs } from './programs.ts'
import type { Store } from './stores.ts'

/** Two processes that serve one issuer over one storage. */
export interface Pair {
  readonly client: Client
  /** The origins of the two. */
  readonly origins: readonly [string, string]
  readonly programs: [Program, Program]
  /** Starts the second one again, after it has died. */
  restartSecond(): Promise<void>
  /** Runs something so many times at once, every other time at the other process. */
  readonly parallel: <T>(count: number, run: (origin: string, index: number) => Promise<T>) => Promise<T[]>
  stop(): Promise<void>
}

/** Starts both at the same moment, on a storage that may be empty. */
export async function startPair(
  programs: Programs,
  store: Pick<Store, 'url'>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Pair> {
  const ports = [await freePort(), await freePort()] as const
  const origins = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string]
  const issuer = origins[0]
  const start = (port: number) =>
    programs.start('server', { ISSUER: issuer, PORT: String(port), STORAGE: store.url, ...environment })
  const pair = await Promise.all([start(ports[0]), start(ports[1])])
  return {
    client: createClient(issuer),
    origins,
    programs: pair,
    async restartSecond() {
      await pair[1].ended
      pair[1] = await start(ports[1])
    },
    parallel: (count, run) =>
      Promise.all(
        Array.from({ length: count }, (_, index) => run(index % 2 === 0 ? origins[0] : origins[1], index)),
      ),
    async stop() {
      for (const program of pair) program.kill('SIGKILL')
      await Promise.all(pair.map((program) => program.ended))
    },
  }
}
