/**
 * Whether something is a response.
 *
 * Servers replace the global `Response`, and what `fetch()` gives is no instance of the replacement. Those of the server for Node.js,
 * which are, are not asked for headers, for then they would make some.
 */
export function isResponse(value: unknown): value is Response {
  return value instanceof Response || (value as Response | null)?.headers instanceof Headers
}
