import { guardedFetch, type Runtime } from '@gatewright/core'

/** Options of `fetchOpenApi`. */
export interface FetchOpenApiOptions {
  /** Whether the document may come from this machine or a private network, without https. @default false */
  readonly allowPrivate?: boolean | undefined
  /** Bytes of the document. @default 33554432 */
  readonly maximumBytes?: number | undefined
  /** Seconds until it must have arrived. @default 30 */
  readonly timeout?: number | undefined
  /** Its `fetch` sends the request where it is given. @default the core's guard */
  readonly runtime?: Pick<Runtime, 'fetch'> | undefined
}

/**
 * Fetches the text of an OpenAPI document, once, at start-up. Redirects are not followed, and nothing that it refers to is fetched.
 *
 * @throws {Error} when it does not arrive
 */
export async function fetchOpenApi(url: string | URL, options: FetchOpenApiOptions = {}): Promise<string> {
  const { allowPrivate = false, maximumBytes = 33_554_432, timeout = 30, runtime } = options
  const fetchDocument = guardedFetch({
    reach: allowPrivate ? 'any' : 'public',
    maximumBytes,
    timeout,
    ...(runtime !== undefined && { fetch: runtime.fetch }),
  })
  const response = await fetchDocument(url, {
    headers: { accept: 'application/json, application/yaml, text/yaml' },
  })
  if (!response.ok)
    throw new Error(`the OpenAPI document at ${String(url)} was answered with HTTP ${response.status}`)
  return response.text()
}
