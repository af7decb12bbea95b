import type { IncomingMessage } from 'node:http'
import { encodeForm } from './encode-form.ts'
import type { NodeRequest } from './node-messages.ts'

/** What body parsers of frameworks leave on a request. */
interface ParsedRequest {
  readonly body?: unknown
  readonly rawBody?: unknown
}

/**
 * Gives a request its body back when a framework has read it already.
 *
 * The bytes are those of `rawBody` where the parser kept them. Otherwise they are written anew from `body`: of a JSON object
 * with two members of one name, only the last is left.
 *
 * @throws {TypeError} when someone read the body and kept nothing of it
 */
export function restoreBody(incoming: NodeRequest): NodeRequest {
  if (!incoming.readableDidRead || incoming.method === 'GET' || incoming.method === 'HEAD') return incoming
  const { method, headers, rawHeaders, socket } = incoming
  const { body, rawBody } = incoming as ParsedRequest
  const bytes = Buffer.isBuffer(rawBody) ? rawBody : encodeBody(body, headers)
  // The parser has decoded the body, so what the client said about its bytes is no longer true.
  const kept = rawHeaders.flatMap((name, index) =>
    index % 2 === 1 || /^(?::.*|content-(?:encoding|length)|transfer-encoding)$/i.test(name)
      ? []
      : [name, rawHeaders[index + 1] ?? ''],
  )
  const length = String(bytes.length)
  const restored = {
    method,
    socket,
    headers: {
      ...headers,
      'content-encoding': undefined,
      'transfer-encoding': undefined,
      'content-length': length,
    },
    rawHeaders: [...kept, 'content-length', length],
    rawBody: bytes,
    readableEnded: true,
  }
  return restored as unknown as IncomingMessage
}

function encodeBody(body: unknown, headers: NodeRequest['headers']): Buffer {
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body)
  if (body === undefined)
    throw new TypeError('the request body was read before the handler, and no parser left it on the request')
  const form = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')
  return Buffer.from(
    form && typeof body === 'object' && body !== null ? encodeForm(body) : JSON.stringify(body),
  )
}
