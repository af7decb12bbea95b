import type { OutgoingHttpHeaders } from 'node:http'
import { resetStream, stopUpload, validateHeaders } from './http2-stream.ts'
import { isGone } from './is-gone.ts'
import type { NodeRequest, NodeResponse } from './node-messages.ts'
import { outgoingHeaders } from './outgoing-headers.ts'
import { pipeBody } from './pipe-body.ts'
import { responseParts } from './response-parts.ts'
import type { ResponseParts } from './response-parts.ts'

/**
 * Writes a response, or drops it when the client is gone or someone else has answered.
 *
 * A promise comes back only where the body is a stream.
 *
 * @throws when the response cannot be written: its body was used, or HTTP does not allow its status or a header
 */
export function writeResponse(
  response: Response,
  incoming: NodeRequest,
  outgoing: NodeResponse,
): Promise<void> | undefined {
  const { status, headers: init, body } = responseParts(response)
  if (outgoing.headersSent || isGone(outgoing)) return drop(body)
  if (!(status >= 200 && status <= 599)) throw new RangeError(`a response cannot have the status ${status}`)
  const head = incoming.method === 'HEAD'
  const bodyless = head || status === 204 || status === 304
  const reader = body instanceof ReadableStream && !bodyless ? body.getReader() : undefined
  const headers = outgoingHeaders(init)
  if (typeof body === 'string') headers['content-type'] ??= 'text/plain;charset=UTF-8'
  const length = lengthOf(body)
  if (length !== undefined && (!bodyless || (head && length > 0))) headers['content-length'] ??= length
  writeHead(outgoing, status, headers)
  if (reader !== undefined) return pipeBody(reader, outgoing)
  if (bodyless || body === null || body instanceof ReadableStream) outgoing.end()
  else outgoing.end(body)
  return drop(body)
}

function lengthOf(body: ResponseParts['body']): number | undefined {
  return body === null ? 0 : body instanceof ReadableStream ? undefined : Buffer.byteLength(body)
}

// Whoever produces a body that nobody will read has to stop.
function drop(body: ResponseParts['body']): undefined {
  if (body instanceof ReadableStream && !body.locked) body.cancel().catch(() => {})
}

/** Answers that something failed, and nothing else. */
export function writeServerError(outgoing: NodeResponse): void {
  if (outgoing.headersSent || isGone(outgoing)) return
  const body = '{"error":"server_error"}'
  writeHead(outgoing, 500, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': body.length,
  })
  outgoing.end(body)
}

/** Breaks off a response that has begun, so that it is not taken for whole. */
export function breakOff(outgoing: NodeResponse): void {
  if ('stream' in outgoing) resetStream(outgoing.stream)
  else outgoing.destroy()
}

/** Answers that there is nothing under this path. */
export function writeNotFound(outgoing: NodeResponse): void {
  if (outgoing.headersSent || isGone(outgoing)) return
  const body = 'Not Found'
  writeHead(outgoing, 404, { 'content-type': 'text/plain;charset=UTF-8', 'content-length': body.length })
  outgoing.end(body)
}

function writeHead(outgoing: NodeResponse, status: number, headers: OutgoingHttpHeaders): void {
  // Frameworks announce themselves in it.
  outgoing.removeHeader('x-powered-by')
  try {
    if ('stream' in outgoing) validateHeaders(headers)
    outgoing.writeHead(status, headers)
    if ('stream' in outgoing) stopUpload(outgoing.stream)
  } catch (error) {
    for (const name of Object.keys(headers)) outgoing.removeHeader(name)
    throw error
  }
}
