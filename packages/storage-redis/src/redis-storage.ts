import type { Listing, Storage, Sweeper } from '@gatewright/storage'
import { commitOperations } from './commit-operations.ts'
import { guardConnection } from './guard-connection.ts'
import { listIds } from './list-ids.ts'
import { readRecords } from './read-records.ts'
import { createRecordKeys } from './record-keys.ts'
import type { RedisClient } from './redis-client.ts'
import { toConnection } from './redis-connection.ts'
import { sweepRecords } from './sweep-records.ts'

/** Options of {@link createRedisStorage}. */
export interface RedisStorageOptions {
  /**
   * A client of `ioredis` (`Redis` or `Cluster`) or `redis` (`createClient`, `createCluster`), connected or
   * connecting by itself. It may be shared with other code and is never closed here.
   */
  readonly client: RedisClient
  /**
   * How all keys begin, for several storages in one database: 1 to 64 letters, digits and `_ . : / -`.
   *
   * @default 'gatewright'
   */
  readonly prefix?: string
  /**
   * How long a call waits for an answer of the server, in seconds, before it rejects with a `StorageError` (`busy`). A
   * client without connection queues commands; a commit that was given up may still be sent when it is back.
   *
   * @default 5
   */
  readonly timeout?: number
}

/**
 * Creates a storage in Redis (6.2 or later) or Valkey, a single server or a cluster, for any number of processes.
 *
 * Does nothing until it is used. It does not look at the settings of the server: see {@link checkRedisSettings}.
 * An acknowledged commit is as durable as the server's persistence and replication, and no more.
 *
 * @throws TypeError for a malformed option, and for a client with a `keyPrefix` or reads from replicas.
 * @example
 * ```ts
 * import { Redis } from 'ioredis'
 *
 * const storage = createRedisStorage({ client: new Redis('redis://127.0.0.1:6379') })
 * ```
 * @see [Redis - Scripting with Lua](https://redis.io/docs/latest/develop/programmability/eval-intro/)
 */
export function createRedisStorage(options: RedisStorageOptions): Storage & Listing & Sweeper {
  const { client, prefix = 'gatewright', timeout = 5 } = options
  if (!Number.isFinite(timeout) || timeout <= 0 || timeout > 3600)
    throw new TypeError('timeout must be a number of seconds, at most 3600')
  const connection = guardConnection(toConnection(client), timeout)
  const names = createRecordKeys(prefix)

  return {
    get: (keys, now) => readRecords(connection, names, keys, now),
    commit: (operations, now) => commitOperations(connection, names, operations, now),
    list: (partition, collection, page) => listIds(connection, names, partition, collection, page),
    sweep: (bounds) => sweepRecords(connection, names, bounds),
  }
}
