import type { RedisClient } from '@gatewright/storage-redis'
import { Redis } from 'ioredis'
import Valkey from 'iovalkey'
import { createClient } from 'redis'

/** An open client and how to end it. */
export interface OpenClient {
  readonly client: RedisClient
  close(): void
}

/** The libraries as an integrator would open them; errors of the connection are left to the calls. */
export const libraries = {
  iovalkey(port: number): OpenClient {
    const client = new Valkey({ port, host: '127.0.0.1', retryStrategy: () => 50, maxRetriesPerRequest: 1 })
    client.on('error', () => undefined)
    return { client, close: () => client.disconnect() }
  },
  ioredis(port: number): OpenClient {
    const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50, maxRetriesPerRequest: 1 })
    client.on('error', () => undefined)
    return { client, close: () => client.disconnect() }
  },
  async redis(port: number): Promise<OpenClient> {
    const client = createClient({
      socket: { port, host: '127.0.0.1', reconnectStrategy: 50 },
      disableOfflineQueue: true,
    })
    client.on('error', () => undefined)
    await client.connect()
    return { client, close: () => client.destroy() }
  },
}
