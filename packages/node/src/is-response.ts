// On Bun the server sends a response as it should only when somebody has asked for its headers.
const mustAsk = 'Bun' in globalThis

/**
 * Whether something is a response.
 *
 * Servers replace the global `Response`, and what `fetch()` gives is no instance of the replacement. Those of the server for Node.js,
 * which are, are not asked for headers, for then they would make some.
 */
export function isResponse(value: unknown): value is Response {
  if (!mustAsk && value instanceof Response) return true
  return (value as Response | null)?.headers instanceof Headers
}
