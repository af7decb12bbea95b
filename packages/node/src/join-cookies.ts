import type { NodeRequest } from './node-messages.ts'

/**
 * Joins the cookies of several lines, which a client may send over HTTP/2, in the list that `Headers` are made of. Not every
 * runtime does it when it makes them; a comma between them would make two cookies one.
 *
 * @see [RFC 9113 §8.2.3 - Compressing the Cookie Header Field](https://www.rfc-editor.org/rfc/rfc9113.html#section-8.2.3)
 */
export function joinCookies(incoming: Pick<NodeRequest, 'rawHeaders' | 'headers'>): void {
  const { rawHeaders } = incoming
  let first: number | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.length !== 6 || rawHeaders[index]?.toLowerCase() !== 'cookie') continue
    if (first === undefined) first = index + 1
    else {
      // Bun makes `headers` when they are asked for, of as many lines as there were when the request came: of all, before one is gone.
      void incoming.headers
      rawHeaders[first] += `; ${rawHeaders[index + 1]}`
      rawHeaders.splice(index, 2)
      index -= 2
    }
  }
}
