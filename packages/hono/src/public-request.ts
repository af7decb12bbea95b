import { requestUnder } from '@gatewright/node/adapting'
import type { Context } from 'hono'

/**
 * The request of a context under the public origin, its body untouched until it is read.
 *
 * A body that a middleware has read through the context (`c.req.json()`, `c.req.parseBody()` …) is written again.
 */
export async function publicRequest(c: Context, origin: string): Promise<Request> {
  const { raw } = c.req
  const url = origin + raw.url.replace(/^https?:\/\/[^/?#]*/i, '')
  // Asked whether its body was used, a request of the server for Node.js becomes a whole one, so that comes last.
  const same = requestUnder(url, raw) ?? (raw.url === url && !raw.bodyUsed ? raw : undefined)
  if (same !== undefined) return same
  const { method, headers, signal } = raw
  const body =
    method === 'GET' || method === 'HEAD' ? null : raw.bodyUsed ? await parsedBody(c) : unreadBody(raw)
  // `duplex` is demanded of a stream and missing in the types.
  return new Request(url, { method, headers, signal, body, duplex: 'half' } as RequestInit)
}

// The original must stay readable for the app, for it is not known yet whether the path is the handler's.
function unreadBody(raw: Request): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      reader ??= raw.body?.getReader()
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: (reason) => reader?.cancel(reason),
  }
  return new ReadableStream(source, { highWaterMark: 0 })
}

async function parsedBody({ req }: Context): Promise<ArrayBuffer | URLSearchParams> {
  if (!('formData' in req.bodyCache)) return req.arrayBuffer()
  const fields = [...(await req.formData())]
  return new URLSearchParams(fields.map(([name, value]) => [name, typeof value === 'string' ? value : '']))
}
