import { isLoopbackHostname } from '@gatewright/core'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { UpstreamEndpoint } from './upstream-endpoint.ts'
import { upstreamFetch } from './upstream-fetch.ts'

/** Options of `streamableHttp`. */
export interface StreamableHttpOptions {
  /** Whether the server may be without https, on this machine or in a private network. @default false */
  readonly allowPrivate?: boolean | undefined
}

/**
 * An upstream over Streamable HTTP, of any revision of MCP.
 *
 * @throws {TypeError} when the URL is not https, or carries credentials
 */
export function streamableHttp(
  url: string,
  { allowPrivate = false }: StreamableHttpOptions = {},
): UpstreamEndpoint {
  if (!URL.canParse(url)) throw new TypeError(`the upstream must have an absolute URL, got "${url}"`)
  const target = new URL(url)
  const { protocol, hostname, username, password, origin, pathname } = target
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new TypeError('the upstream must have an https URL')
  if (username !== '' || password !== '')
    throw new TypeError('the URL of the upstream must not carry credentials')
  if (!allowPrivate && (protocol === 'http:' || isLoopbackHostname(hostname)))
    throw new TypeError(`the upstream ${origin} is without https, or on this machine: say allowPrivate: true`)
  return {
    http: true,
    address: origin + pathname,
    open: (options) =>
      new StreamableHTTPClientTransport(target, {
        fetch: upstreamFetch(target, options),
        onInsufficientScope: 'throw',
      }),
  }
}
