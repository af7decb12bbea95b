import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that accepts connections. */
export interface Listening {
  readonly port: number
  readonly origin: string
  readonly stop: () => Promise<void>
}

/**
 * Listens on 127.0.0.1, on a free port unless one is given; what answers may depend on the port.
 *
 * Without `keepAlive` every request has its own connection, so that a restart leaves no client with a dead one.
 */
export async function listen(
  toListener: (at: { port: number; origin: string }) => RequestListener,
  { port: wantedPort = 0, keepAlive = true }: { port?: number; keepAlive?: boolean } = {},
): Promise<Listening> {
  const http = createServer()
  if (!keepAlive) http.maxRequestsPerSocket = 1
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(wantedPort, '127.0.0.1', resolve)
  })
  const { port } = http.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  http.on('request', toListener({ port, origin }))
  return {
    port,
    origin,
    stop: () =>
      new Promise((resolve) => {
        // Also when it was stopped before.
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}

/** A port that was free a moment ago, for a program that has to be told one. */
export async function freePort(): Promise<number> {
  const { port, stop } = await listen(() => () => {})
  await stop()
  return port
}
