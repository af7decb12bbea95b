import { jsonResponse } from '@gatewright/core'

// Tokens travel in headers and forms, never in cookies, so any origin may ask and none may send credentials.
const sharing = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce',
} as const
const shared = new WeakSet<Response>()

/**
 * A JSON response that scripts of every origin may read.
 *
 * It is made with the headers that say so. To add them later costs as much as to make the response, because servers keep what a
 * response is made of and build its `Headers` only for who asks.
 */
export function sharedJson(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const response = jsonResponse(body, status, { ...headers, ...sharing })
  shared.add(response)
  return response
}

/** Lets scripts of every origin read a response, whoever made it. */
export function share(response: Response): Response {
  if (shared.has(response)) return response
  for (const [name, value] of Object.entries(sharing)) response.headers.set(name, value)
  return response
}
