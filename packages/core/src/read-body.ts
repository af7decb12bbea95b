import { readAtMost } from './read-at-most.ts'

/**
 * Reads a request's body as UTF-8 text, or gives `undefined` when it has more than `limit` bytes.
 *
 * Reading stops at the limit. That a body is not longer than its `Content-Length` is left to the HTTP server, which ends
 * reading there; a body that is longer all the same is read, and refused.
 */
export async function readBody(request: Request, limit: number): Promise<string | undefined> {
  const declared = request.headers.get('content-length') ?? ''
  // RFC 9110 §8.6: digits only. Number() would take `-1`, `1e1` or a blank as well.
  const length = /^\d+$/.test(declared) ? Number(declared) : undefined
  if (length !== undefined && length > limit) return undefined
  // One read is much cheaper than a stream.
  if (length !== undefined) {
    const text = await request.text()
    // A code unit takes three bytes at most, so a short text need not be encoded to be counted.
    return text.length * 3 > limit && new TextEncoder().encode(text).byteLength > limit ? undefined : text
  }
  if (request.body === null) return ''
  const bytes = await readAtMost(request.body, limit)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}
