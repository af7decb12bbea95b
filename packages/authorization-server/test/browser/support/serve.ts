import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RequestHandler } from '@gatewright/core'

/** A server on a free port of the loopback interface. */
export async function listen(answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

/** Answers Node's request by a handler. */
export async function answerWith(
  handler: RequestHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { method = 'GET', url = '/' } = incoming
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, String(value))
  const body = method === 'POST' ? Buffer.concat(chunks) : null
  const request = new Request(handler.origin + url, { method, headers, body })
  const response = await handler.handle(request, { ip: '127.0.0.1' })
  outgoing.writeHead(response?.status ?? 404, [...(response?.headers ?? [])].flat())
  outgoing.end(await response?.text())
}
