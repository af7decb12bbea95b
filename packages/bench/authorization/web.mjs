import * as shape from './shape.mjs'

/** The `Request` that a server would make of a request: clients say how long their body is. */
export function toRequest({ method, path, headers, body }) {
  if (method === 'GET') return new Request(shape.origin + path, { headers })
  const sent = { ...headers, 'content-length': String(body.length) }
  return new Request(shape.origin + path, { method, headers: sent, body })
}
