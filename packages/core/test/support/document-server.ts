import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on loopback that keeps what it was asked, and counts connections. */
export interface DocumentServer {
  readonly port: number
  readonly url: string
  readonly requests: IncomingMessage[]
  readonly connections: () => number
  close(): void
}

/** Starts a server that answers every request by `listener`. */
export async function documentServer(listener: RequestListener, host = '127.0.0.1'): Promise<DocumentServer> {
  const requests: IncomingMessage[] = []
  let connections = 0
  const server = createServer((request, response) => {
    requests.push(request)
    listener(request, response)
  })
  server.on('connection', () => connections++)
  await new Promise<void>((done) => server.listen(0, host, done))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/`,
    requests,
    connections: () => connections,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
