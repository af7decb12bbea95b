import type { RedisConnection, Send } from './redis-connection.ts'
import { withStorageErrors } from './to-storage-error.ts'
import { withinTimeout } from './within-timeout.ts'

/** Returns a connection on which no command waits for ever, and which fails with errors of the storage. */
export function guardConnection(connection: RedisConnection, timeout: number): RedisConnection {
  const guard = <T>(work: () => Promise<T>) => withStorageErrors(() => withinTimeout(timeout, work()))
  return {
    isCluster: connection.isCluster,
    send: (key, args) => guard(() => connection.send(key, args)),
    async nodes() {
      const nodes = await guard(() => connection.nodes())
      return nodes.map(
        (send): Send =>
          (args) =>
            guard(() => send(args)),
      )
    },
  }
}
