import { isLoopbackHostname } from '@gatewright/core'

/** Which browsers' pages may talk to the server, and under which names it answers. */
export interface OriginPolicy {
  /** Why a request must be refused before anything else is looked at, or `undefined`. */
  refusal(request: Request): string | undefined
  /** Answers a CORS preflight; other requests are `undefined`. */
  preflight(request: Request): Response | undefined
  /** Lets the page that sent the request read the response. */
  share(request: Request, response: Response): Response
}

const allowHeaders = [
  'Authorization',
  'Content-Type',
  'Accept',
  'MCP-Protocol-Version',
  'Mcp-Session-Id',
  'Mcp-Method',
  'Mcp-Name',
  'Last-Event-ID',
  'DPoP',
].join(', ')

/**
 * Makes the policy of one resource: pages of this machine, of the resource's own origin and of the origins given.
 *
 * @throws {TypeError} when one of the origins is none
 * @see [MCP 2025-11-25 Transports - Security Warning](https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning)
 */
export function createOriginPolicy(resource: URL, allowedOrigins: readonly string[]): OriginPolicy {
  for (const origin of allowedOrigins)
    // A pattern would never match, and whoever wrote it believes that it does.
    if (parseOrigin(origin) === undefined || origin.includes('*'))
      throw new TypeError(`allowedOrigins: "${origin}" is no origin`)
  const allowed = new Set([resource.origin, ...allowedOrigins])
  const local = isLoopbackHostname(resource.hostname)

  function isAllowed(origin: string): boolean {
    if (allowed.has(origin)) return true
    const parsed = parseOrigin(origin)
    return parsed !== undefined && isLoopbackHostname(parsed.hostname)
  }
  return {
    refusal({ headers }) {
      const origin = headers.get('origin')
      if (origin !== null && !isAllowed(origin)) return 'Origin not allowed'
      const host = headers.get('host')
      // DNS rebinding: a page on a name that resolves to 127.0.0.1 is same-origin to its own browser, so it sends no Origin.
      if (local && host !== null && !isLoopbackHost(host)) return 'Host not allowed'
      return undefined
    },
    preflight({ method, headers }) {
      if (method !== 'OPTIONS' || !headers.has('origin') || !headers.has('access-control-request-method'))
        return undefined
      return new Response(null, {
        status: 204,
        headers: {
          'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
          'access-control-allow-headers': allowHeaders,
          'access-control-max-age': '7200',
        },
      })
    },
    share(request, response) {
      const origin = request.headers.get('origin')
      response.headers.append('vary', 'Origin')
      if (origin === null || !isAllowed(origin)) return response
      // Never with credentials: tokens travel in a header, so a cookie can only belong to something else.
      response.headers.set('access-control-allow-origin', origin)
      response.headers.set(
        'access-control-expose-headers',
        'WWW-Authenticate, DPoP-Nonce, Mcp-Session-Id, Retry-After',
      )
      return response
    },
  }
}

/** Only the exact serialisation: `http://localhost@evil.example` names another host than it seems to. */
function parseOrigin(value: string): URL | undefined {
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  return url.origin === value && /^https?:$/.test(url.protocol) ? url : undefined
}

function isLoopbackHost(host: string): boolean {
  return URL.canParse(`http://${host}`) && isLoopbackHostname(new URL(`http://${host}`).hostname)
}
