import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

/** What reached the API. */
export interface Received {
  readonly method: string
  /** As it stood in the request line. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

type Answer = (request: Received, response: ServerResponse) => void

/** A real HTTP server that remembers every request and answers as the test says. */
export async function startBackend() {
  const received: Received[] = []
  const answers: { current: Answer } = {
    current: (request, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ method: request.method, url: request.url }))
    },
  }
  const usual = answers.current
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const each = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') }
      received.push(each)
      answers.current(each, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    /** The requests since the last call. */
    take: () => received.splice(0),
    answer: (answer: Answer = usual) => {
      answers.current = answer
    },
  }
}
