import type { ServerContext } from '../server-context.ts'

/**
 * The cookie that names a browser: a random value before a login, the session's secret after it.
 *
 * The `__Host-` prefix keeps other hosts of the domain from setting it; the name carries the issuer's hash, so that
 * two servers on one host do not log each other's users out.
 *
 * @see [RFC 6265bis draft-20 §4.1.3.2 - The "__Host-" Prefix](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-20#section-4.1.3.2)
 */
export function readBrowserCookie(request: Request, server: ServerContext): string | undefined {
  return readCookie(request, cookieName(server))
}

/** The first value of a cookie that can be one of ours: 256 bits in base64url. */
export function readCookie(request: Request, name: string): string | undefined {
  const start = `${name}=`
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const cookie = pair.trim()
    const value = cookie.startsWith(start) ? cookie.slice(start.length) : ''
    if (/^[\w-]{43}$/.test(value)) return value
  }
  return undefined
}

/** Sets the cookie. It ends with the browser session; how long a login counts, the stored session decides. */
export function writeBrowserCookie(value: string, server: ServerContext): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(server.urls.secure ? ['Secure'] : [])]
  return [`${cookieName(server)}=${value}`, ...attributes].join('; ')
}

function cookieName({ urls, partitions }: ServerContext): string {
  return `${urls.secure ? '__Host-' : ''}gatewright-${partitions.issuer}`
}
