import { readCookie } from './browser-cookie.ts'
import type { ServerContext } from '../server-context.ts'
import { tripLifetime } from './trip-store.ts'

/**
 * The cookie that binds trips to a provider to this browser.
 *
 * It is set when the user has approved and leaves, never before: an attacker's page must not be able to start a login
 * whose consent somebody else gave. It is not the browser cookie, which a login in another tab replaces; and it is one for
 * all trips of the browser, so that open tabs do not fill the header.
 *
 * @see [MCP Security Best Practices - Consent Cookie Security](https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices)
 */
export function readTripCookie(request: Request, server: ServerContext): string | undefined {
  return readCookie(request, cookieName(server))
}

/** Sets the cookie for as long as a trip may take. */
export function writeTripCookie(value: string, server: ServerContext): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${tripLifetime / 1000}`]
  return [`${cookieName(server)}=${value}`, ...attributes, ...(server.urls.secure ? ['Secure'] : [])].join(
    '; ',
  )
}

function cookieName({ urls, partitions }: ServerContext): string {
  return `${urls.secure ? '__Host-' : ''}gatewright-${partitions.issuer}-trip`
}
