import { checkOriginUrl } from '@gatewright/core'

/** Where the endpoints are, as paths below the issuer. */
export interface EndpointPaths {
  readonly authorization: string
  readonly token: string
  readonly registration: string
  readonly jwks: string
  /** Login and consent pages. */
  readonly interaction: string
  /** Where providers send the browser back to; the provider's id is appended. */
  readonly callback: string
  /** The signed-in user's page: connected clients, and signing out. */
  readonly account: string
  /** Where a provider sends the browser back to after a logout there. */
  readonly signed_out: string
}

/** The paths that clients of the first MCP revision assume when there is no metadata, and those that every server has beside them. */
const defaultPaths = {
  authorization: '/authorize',
  token: '/token',
  registration: '/register',
  jwks: '/jwks',
  interaction: '/interaction',
}

/** The public URLs of one server. */
export interface Urls {
  readonly origin: string
  /** The issuer's path, without a slash at its end; empty for an issuer that is an origin. */
  readonly basePath: string
  readonly secure: boolean
  /** The path of an endpoint at the origin. @throws {TypeError} when there is none of that name */
  path(endpoint: string): string
  /** The absolute URL of an endpoint. @throws {TypeError} when there is none of that name */
  url(endpoint: string): string
}

/**
 * Derives every URL from the issuer.
 *
 * @param endpoints the default paths of further endpoints, by name
 * @throws {TypeError} when the issuer is not an https URL (http on loopback only), or has a query, a fragment or a slash at its end
 */
export function createUrls(
  issuer: string,
  paths: Readonly<Record<string, string | undefined>> = {},
  endpoints: Readonly<Record<string, string>> = {},
): Urls {
  const { origin, pathname, protocol } = checkOriginUrl(issuer, 'issuer')
  const basePath = pathname === '/' ? '' : pathname
  // RFC 9207 §2.4: clients compare the issuer as a string, so there must be one spelling of it.
  if (issuer !== origin + basePath)
    throw new TypeError(
      `issuer must be written as "${origin}${basePath.replace(/\/+$/, '')}", got "${issuer}"`,
    )
  if (basePath.endsWith('/')) throw new TypeError(`issuer must not end with a slash, got "${issuer}"`)
  const chosen = new Map(Object.entries({ ...defaultPaths, ...endpoints }))
  for (const [name, path = ''] of Object.entries(paths)) {
    if (!chosen.has(name)) throw new TypeError(`paths.${name}: there is no endpoint of that name`)
    chosen.set(name, path)
  }
  for (const [name, path] of chosen)
    // A path with dot segments is never requested: every client resolves them.
    if (!/^\/[\w./~-]+$/.test(path) || new URL(origin + basePath + path).pathname !== basePath + path)
      throw new TypeError(`paths.${name} must be a plain path that starts with a slash, got "${path}"`)
  const path = (endpoint: string): string => {
    const found = chosen.get(endpoint)
    if (found === undefined) throw new TypeError(`there is no endpoint named "${endpoint}"`)
    return basePath + found
  }
  return {
    origin,
    basePath,
    secure: protocol === 'https:',
    path,
    url: (endpoint) => origin + path(endpoint),
  }
}
