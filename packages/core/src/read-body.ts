/**
 * Reads a request's body as UTF-8 text, or gives `undefined` when it has more than `limit` bytes.
 *
 * Reading stops at the limit, whatever `Content-Length` claims.
 */
export async function readBody(request: Request, limit: number): Promise<string | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return undefined
  if (request.body === null) return ''
  // A declared length within the limit is enforced by the HTTP server; one read is much cheaper than a stream.
  if (request.headers.has('content-length')) {
    const text = await request.text()
    return text.length > limit ? undefined : text
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return new TextDecoder().decode(bytes)
}
