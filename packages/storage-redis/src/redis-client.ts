/** What this package needs of an ioredis or iovalkey client: a `Redis` or a `Cluster` fits as it is. */
export interface IoredisClient {
  call(command: string, ...args: string[]): Promise<unknown>
  readonly options: object
  readonly isCluster?: boolean
  nodes?(role: 'master'): readonly IoredisClient[]
}

/** What this package needs of a node-redis client or pool: the result of `createClient` fits as it is. */
export interface NodeRedisClient {
  sendCommand(args: readonly string[]): Promise<unknown>
}

/** What this package needs of a node-redis cluster: the result of `createCluster` fits as it is. */
export interface NodeRedisCluster {
  sendCommand(firstKey: string | undefined, isReadonly: boolean | undefined, args: string[]): Promise<unknown>
  readonly masters: readonly object[]
  // A method and not a property, so that the library's own, narrower type of a node fits.
  nodeClient(node: object): NodeRedisClient | Promise<NodeRedisClient> | undefined
}

/** A connected client, or one that connects by itself, of either library. */
export type RedisClient = IoredisClient | NodeRedisClient | NodeRedisCluster
