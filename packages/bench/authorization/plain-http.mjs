/** Reads a request of `node:http` whole. */
export async function readSimple(incoming) {
  const { method, url: path, headers } = incoming
  if (method === 'GET') return { method, path, headers, body: '' }
  const chunks = []
  for await (const chunk of incoming) chunks.push(chunk)
  return { method, path, headers, body: Buffer.concat(chunks).toString() }
}

/** Writes an answer of a status, headers and a text. */
export function writeSimple(outgoing, { status, headers, body }) {
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  outgoing.end(body)
}
