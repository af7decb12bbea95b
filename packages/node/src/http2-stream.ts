import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { OutgoingHttpHeaders } from 'node:http'
import { constants } from 'node:http2'
import type { ServerHttp2Stream } from 'node:http2'

/**
 * Asks the client, once the response is complete, to stop sending a body that nobody reads.
 *
 * It would otherwise wait for ever for room to send the rest.
 *
 * @see [RFC 9113 §8.1 - HTTP Message Framing](https://www.rfc-editor.org/rfc/rfc9113.html#section-8.1)
 */
export function stopUpload(stream: ServerHttp2Stream): void {
  if (stream.endAfterHeaders) return
  const stop = () => {
    setImmediate(() => {
      if (!stream.readableEnded && !stream.destroyed) stream.close(constants.NGHTTP2_NO_ERROR)
    })
  }
  // A stream that is closed before its trailers are due is cut off, and Node 20 aborts the process over it.
  if (stream.writableEnded) stop()
  else stream.once('wantTrailers', stop)
}

/** Breaks a response off, with the code `INTERNAL_ERROR`. Without an error code, a client would take it for whole. */
export function resetStream(stream: ServerHttp2Stream): void {
  // Closed with that code instead, a stream ends on Bun as if it were whole.
  stream.destroy(new Error('the response was broken off'))
}

/**
 * Checks what \`node:http\` checks by itself and \`node:http2\` does not.
 *
 * A line break in a value would split the response in a proxy that translates to HTTP/1.1.
 *
 * @throws {TypeError} when a name or a value is not allowed
 */
export function validateHeaders(headers: OutgoingHttpHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name)
    for (const line of Array.isArray(value) ? value : [value]) validateHeaderValue(name, String(line))
  }
}
