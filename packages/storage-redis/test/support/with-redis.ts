import type { Listing, Storage, Sweeper } from '@gatewright/storage'
import { createRedisStorage } from '@gatewright/storage-redis'
import type { RedisStorageOptions } from '@gatewright/storage-redis'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { serverKinds, startRedis } from './start-redis.ts'
import type { RedisServer } from './start-redis.ts'

/** A server of a group of tests, with a client that the tests use to look behind the storage. */
export interface RedisBench {
  readonly server: RedisServer
  readonly redis: Redis
  /** How many commands the client has sent since the last call. */
  sent(): number
  storage(options?: Partial<RedisStorageOptions>): Storage & Listing & Sweeper
}

/** Declares tests that need a real server, for each kind of it; one visible skip where there is none. */
export function describeWithRedis(
  name: string,
  declare: (bench: RedisBench) => void,
  settings?: readonly string[],
): void {
  describe.each(serverKinds)(`${name} (%s)`, (kind, missing) => {
    if (missing !== undefined) {
      it.skip(missing, () => undefined)
      return
    }
    let server: RedisServer | undefined
    let redis: Redis | undefined
    let commands = 0
    const opened = () => {
      if (server === undefined || redis === undefined) throw new Error('the server does not run')
      return { server, redis }
    }
    beforeAll(async () => {
      server = await startRedis(settings, kind)
      redis = new Redis({ port: server.port, host: '127.0.0.1' })
      redis.on('error', () => undefined)
    })
    afterAll(async () => {
      redis?.disconnect()
      await server?.stop()
    })
    declare({
      get server() {
        return opened().server
      },
      get redis() {
        return opened().redis
      },
      sent() {
        const count = commands
        commands = 0
        return count
      },
      storage(options) {
        const client = opened().redis
        const counted = {
          options: client.options,
          call(command: string, ...args: string[]) {
            commands++
            return client.call(command, ...args)
          },
        }
        return createRedisStorage({ client: counted, ...options })
      },
    })
  })
}

/** The instant at which most tests happen. */
export const now = 1_900_000_000_000
