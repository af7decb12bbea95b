import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { Readable } from 'node:stream'
import { defaultRuntime } from '@gatewright/core'

/** Whether a request can name another host than the one it is sent to. */
export const sendsAnyHost = true

/** Sends a request and follows no redirect. */
export function network(request: Request): Promise<Response> {
  // The built-in fetch writes the Host header itself.
  return request.headers.has('host') ? withHost(request) : defaultRuntime.fetch(request)
}

async function withHost(request: Request): Promise<Response> {
  const body = await request.text()
  const url = new URL(request.url)
  const { signal, method } = request
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? secure : plain
    const sent = send(
      url,
      { method, signal, headers: Object.fromEntries(request.headers), agent: false },
      (message) => {
        const headers = new Headers()
        for (const [name, values] of Object.entries(message.headersDistinct))
          for (const value of values ?? []) headers.append(name, value)
        const status = message.statusCode ?? 500
        const empty = [204, 205, 304].includes(status)
        resolve(
          new Response(empty ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>), {
            status,
            headers,
          }),
        )
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}
