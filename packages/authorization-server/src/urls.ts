import { checkOriginUrl } from '@gatewright/core'

/** Where the endpoints are, as paths below the issuer. */
export interface EndpointPaths {
  readonly authorization: string
  readonly token: string
  readonly registration: string
  readonly revocation: string
  readonly jwks: string
  /** Login and consent pages. */
  readonly interaction: string
  /** The signed-in user's page: connected clients, and signing out. */
  readonly account: string
}

/** The paths that clients of the first MCP revision assume when there is no metadata, and more beside them. */
export const defaultPaths: EndpointPaths = {
  authorization: '/authorize',
  token: '/token',
  registration: '/register',
  revocation: '/revoke',
  jwks: '/jwks',
  interaction: '/interaction',
  account: '/account',
}

/** The public URLs of one server. */
export interface Urls {
  readonly origin: string
  /** The issuer's path, without a slash at its end; empty for an issuer that is an origin. */
  readonly basePath: string
  readonly secure: boolean
  /** The path of an endpoint at the origin. */
  path(endpoint: keyof EndpointPaths): string
  /** The absolute URL of an endpoint. */
  url(endpoint: keyof EndpointPaths): string
}

/**
 * Derives every URL from the issuer.
 *
 * @throws {TypeError} when the issuer is not an https URL (http on loopback only), or has a query, a fragment or a slash at its end
 */
export function createUrls(issuer: string, paths: Partial<EndpointPaths> = {}): Urls {
  const { origin, pathname, protocol } = checkOriginUrl(issuer, 'issuer')
  const basePath = pathname === '/' ? '' : pathname
  // RFC 9207 §2.4: clients compare the issuer as a string, so there must be one spelling of it.
  if (issuer !== origin + basePath)
    throw new TypeError(
      `issuer must be written as "${origin}${basePath.replace(/\/+$/, '')}", got "${issuer}"`,
    )
  if (basePath.endsWith('/')) throw new TypeError(`issuer must not end with a slash, got "${issuer}"`)
  const chosen = { ...defaultPaths, ...paths }
  for (const [name, path] of Object.entries(chosen))
    if (!/^\/[\w./~-]+$/.test(path))
      throw new TypeError(`paths.${name} must be a path that starts with a slash, got "${path}"`)
  return {
    origin,
    basePath,
    secure: protocol === 'https:',
    path: (endpoint) => basePath + chosen[endpoint],
    url: (endpoint) => origin + basePath + chosen[endpoint],
  }
}
