import type { IoredisClient, NodeRedisClient, NodeRedisCluster, RedisClient } from './redis-client.ts'

/** Sends one command to one server. */
export type Send = (args: readonly string[]) => Promise<unknown>

/** The same few things of either library. */
export interface RedisConnection {
  readonly isCluster: boolean
  /** Sends a command to the master that holds the key. */
  send(key: string, args: readonly string[]): Promise<unknown>
  /** The servers that hold data: the only one, or all masters of the cluster. */
  nodes(): Promise<readonly Send[]>
}

/**
 * Recognizes a client by its methods.
 *
 * @throws TypeError for anything else, and for options under which keys or reads would go astray.
 */
export function toConnection(client: RedisClient): RedisConnection {
  if (typeof client !== 'object' || client === null) throw new TypeError('client must be a Redis client')
  if ('call' in client && typeof client.call === 'function') return ofIoredis(client)
  if (!('sendCommand' in client) || typeof client.sendCommand !== 'function')
    throw new TypeError('client must be a client of ioredis or redis')
  return 'masters' in client ? ofNodeRedisCluster(client) : ofNodeRedis(client)
}

function ofIoredis(client: IoredisClient): RedisConnection {
  const { options } = client
  // A scan returns keys with the client's prefix, and sending them back would prefix them once more.
  if ('keyPrefix' in options && options.keyPrefix !== undefined && options.keyPrefix !== '')
    throw new TypeError("use the option prefix of the storage instead of the client's keyPrefix")
  // A replica lags: it would show a revoked token as alive.
  if ('scaleReads' in options && options.scaleReads !== undefined && options.scaleReads !== 'master')
    throw new TypeError("scaleReads of the client must be 'master'")
  const to =
    (node: IoredisClient): Send =>
    ([command = '', ...args]) =>
      node.call(command, ...args)
  const send = to(client)
  const isCluster = client.isCluster === true
  return {
    isCluster,
    send: (_key, args) => send(args),
    nodes: async () => (isCluster ? (client.nodes?.('master') ?? []).map(to) : [send]),
  }
}

function ofNodeRedis(client: NodeRedisClient): RedisConnection {
  const send: Send = (args) => client.sendCommand(args)
  return { isCluster: false, send: (_key, args) => send(args), nodes: async () => [send] }
}

function ofNodeRedisCluster(cluster: NodeRedisCluster): RedisConnection {
  return {
    isCluster: true,
    // Not read-only, whatever the command: with `useReplicas` it would go to a replica, which lags.
    send: (key, args) => cluster.sendCommand(key, false, [...args]),
    nodes: () =>
      Promise.all(
        cluster.masters.map(async (master): Promise<Send> => {
          const node = await cluster.nodeClient(master)
          if (node === undefined) throw new Error('a master of the cluster is not connected')
          return (args) => node.sendCommand(args)
        }),
      ),
  }
}
