import { describeStorage } from '@gatewright/storage/testing'
import { createRedisStorage } from '@gatewright/storage-redis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { libraries } from './support/clients.ts'
import { serverKinds, startRedis } from './support/start-redis.ts'
import type { RedisServer } from './support/start-redis.ts'

describe.each(serverKinds)('on a real server of %s', (kind, missing) => {
  if (missing !== undefined) {
    it.skip(missing, () => undefined)
    return
  }
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis([], kind)
  })
  afterAll(() => server.stop())

  for (const [name, open] of Object.entries(libraries))
    // The client of Valkey's own is for Valkey; the others are for both.
    if (kind === 'Valkey' || name !== 'iovalkey')
      describeStorage(`${kind} (${name})`, async () => {
        const opened = await open(server.port)
        return { storage: createRedisStorage({ client: opened.client }), close: () => opened.close() }
      })
})
