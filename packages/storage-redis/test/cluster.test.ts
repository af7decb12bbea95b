import type { Key, Operation } from '@gatewright/storage'
import { describeStorage } from '@gatewright/storage/testing'
import { checkRedisSettings, createRedisStorage } from '@gatewright/storage-redis'
import type { RedisClient } from '@gatewright/storage-redis'
import { Cluster } from 'ioredis'
import { Cluster as ValkeyCluster } from 'iovalkey'
import { createCluster } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from './support/start-cluster.ts'
import type { RedisCluster } from './support/start-cluster.ts'
import { serverKinds } from './support/start-redis.ts'
import type { ServerKind } from './support/start-redis.ts'
import { now } from './support/with-redis.ts'

const libraries = {
  async iovalkey(ports: readonly number[]) {
    const client = new ValkeyCluster(ports.map((port) => ({ port, host: '127.0.0.1' })))
    await client.ping()
    return { client, close: () => client.disconnect() }
  },
  async ioredis(ports: readonly number[]) {
    const client = new Cluster(ports.map((port) => ({ port, host: '127.0.0.1' })))
    await client.ping()
    return { client, close: () => client.disconnect() }
  },
  async redis(ports: readonly number[]) {
    const client = createCluster({ rootNodes: ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })) })
    await client.connect()
    return { client, close: () => client.destroy() }
  },
}

/** The client of Valkey's own is nearly the one of Redis, so each is tested with its server. */
const isFor = (library: string, kind: ServerKind) =>
  library === 'redis' || (library === 'iovalkey') === (kind === 'Valkey')

describe.each(serverKinds)('a cluster of three masters (%s)', (kind, missing) => {
  if (missing !== undefined) {
    it.skip(missing, () => undefined)
    return
  }
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await startCluster(kind)
  })
  afterAll(() => cluster.stop())

  describe.each(Object.entries(libraries).filter(([name]) => isFor(name, kind)))(
    'through %s',
    (name, open) => {
      describeStorage(`${kind} Cluster (${name})`, async () => {
        const { client, close } = await open(cluster.ports)
        return { storage: createRedisStorage({ client }), close: () => close() }
      })

      it('keeps partitions on all masters, reads over them in one call, and sweeps them all', async () => {
        const opened = await open(cluster.ports)
        const client: RedisClient = opened.client
        const storage = createRedisStorage({ client, prefix: `spread-${name}` })
        const keys = Array.from({ length: 60 }, (_, index): Key => ({
          partition: `{p}${index}`,
          collection: 'c',
          id: 'i',
        }))
        for (const key of keys) {
          const insert: Operation = { type: 'insert', key, value: key.partition, expiresAt: now + 1000 }
          expect(await storage.commit([insert], now)).toBe(true)
        }
        const stored = await storage.get(keys, now)
        expect(stored.map((record) => record?.value)).toEqual(keys.map(({ partition }) => partition))
        const sizes = await sizesOf(cluster.ports)
        expect(Math.min(...sizes)).toBeGreaterThan(0)
        expect(await storage.sweep({ now: now + 1000, limit: 40 })).toBe(40)
        expect(await storage.sweep({ now: now + 1000, limit: 40 })).toBe(20)
        opened.close()
      })

      it('CC-11 reports what is unsafe on any of the masters, once', async () => {
        const opened = await open(cluster.ports)
        expect((await checkRedisSettings(opened.client)).map(({ risk }) => risk)).toEqual(['no_persistence'])
        opened.close()
      })
    },
  )
})

async function sizesOf(ports: readonly number[]): Promise<number[]> {
  const { client, close } = await libraries.ioredis(ports)
  const sizes = await Promise.all(client.nodes('master').map((node) => node.dbsize()))
  close()
  return sizes
}
