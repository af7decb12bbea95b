import { Redis } from 'ioredis'
import { startRedis } from './start-redis.ts'
import type { RedisServer, ServerKind } from './start-redis.ts'

/** Three masters on the loopback address that share all slots. */
export interface RedisCluster {
  readonly ports: readonly number[]
  stop(): Promise<void>
}

/** Starts the masters, introduces them to each other, and waits until all know all. */
export async function startCluster(kind: ServerKind): Promise<RedisCluster> {
  const servers: RedisServer[] = []
  for (let count = 0; count < 3; count++) servers.push(await startRedis(['--cluster-enabled', 'yes'], kind))
  const nodes = servers.map(({ port }) => new Redis({ port, host: '127.0.0.1' }))
  const [first] = servers
  if (first === undefined) throw new Error('no servers')
  const bounds = [0, 5461, 10_923, 16_384]
  for (const [index, node] of nodes.entries()) {
    await node.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
    await node.call('CLUSTER', 'ADDSLOTSRANGE', String(bounds[index]), String((bounds[index + 1] ?? 0) - 1))
    await node.call('CLUSTER', 'MEET', '127.0.0.1', String(first.port))
  }
  for (const node of nodes)
    while (!String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok\r\n'))
      await new Promise((resolve) => setTimeout(resolve, 50))
  for (const node of nodes)
    while (!String(await node.call('CLUSTER', 'INFO')).includes('cluster_known_nodes:3\r\n'))
      await new Promise((resolve) => setTimeout(resolve, 50))
  for (const node of nodes) node.disconnect()
  return {
    ports: servers.map(({ port }) => port),
    async stop() {
      for (const server of servers) await server.stop()
    },
  }
}
