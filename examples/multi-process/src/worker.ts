import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeListener } from '@gatewright/node'
import { createPostgresStorage } from '@gatewright/storage-postgres'
import pg from 'pg'
import { createServer } from './server.ts'
import type { Settings } from './settings.ts'

/** One of the processes: listens where nobody but the balancer looks, and tells it the port. */
export function runWorker(settings: Settings): void {
  const client = new pg.Pool({ connectionString: settings.databaseUrl, connectionTimeoutMillis: 5000 })
  client.on('error', (error) => console.error(error.message))
  const handler = createServer(settings, createPostgresStorage({ client }))
  // The balancer says who is asking. Nobody else is believed.
  const http = createHttpServer(toNodeListener(handler, { trustedProxies: ['127.0.0.1/32'] }))
  http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }))
  // Told to stop, or left alone by the process that started it.
  process.on('SIGTERM', () => process.exit(0))
  process.on('disconnect', () => process.exit(0))
}
