import { describeStorage } from '@gatewright/storage/testing'
import { createRedisStorage } from '@gatewright/storage-redis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { libraries } from './support/clients.ts'
import { noRedis, startRedis } from './support/start-redis.ts'
import type { RedisServer } from './support/start-redis.ts'

for (const [name, open] of Object.entries(libraries)) {
  if (noRedis !== undefined) {
    describe(`Redis (${name})`, () => {
      it.skip(noRedis ?? '', () => undefined)
    })
    continue
  }
  describe('on a real server', () => {
    let server: RedisServer
    beforeAll(async () => {
      server = await startRedis()
    })
    afterAll(() => server.stop())

    describeStorage(`Redis (${name})`, async () => {
      const opened = await open(server.port)
      return { storage: createRedisStorage({ client: opened.client }), close: () => opened.close() }
    })
  })
}
