/**
 * Builds a JSON response that no cache keeps and no browser sniffs. A header that is given replaces the usual one.
 *
 * @see [RFC 6749 §5.1 - Successful Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1)
 */
export function jsonResponse(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const sent: Record<string, string> = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  // Two spellings of one name would be joined into one value: `no-store, public`.
  for (const name of Object.keys(headers)) sent[name.toLowerCase()] = headers[name] ?? ''
  return new Response(JSON.stringify(body), { status, headers: sent })
}
