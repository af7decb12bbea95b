import { createServer, request as send } from 'node:http'
import type { Server } from 'node:http'

/** Sends each request to the next of the ports that are there at that moment, whatever came before on the connection. */
export function createBalancer(ports: () => readonly number[]): Server {
  let turn = 0
  return createServer((request, response) => {
    const there = ports()
    const port = there[turn++ % there.length]
    if (port === undefined) {
      response.writeHead(503, { 'retry-after': '1' }).end('no process is ready\n')
      return
    }
    const headers = {
      ...request.headers,
      // Written anew: what the client claims about its address must not pass.
      'x-forwarded-for': request.socket.remoteAddress ?? '',
    }
    const { method, url: path } = request
    const upstream = send({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      answer.once('error', () => response.destroy())
    })
    upstream.once('error', () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502).end('the process has ended\n')
    })
    response.once('close', () => upstream.destroy())
    request.pipe(upstream)
  })
}
