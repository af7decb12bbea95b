const wellKnown = '/.well-known/oauth-protected-resource'
const allowed = 'GET, HEAD, OPTIONS'

/**
 * Where a resource's metadata lies: the well-known path, inserted before the path of the resource.
 *
 * @see [RFC 9728 §3.1 - Protected Resource Metadata Request](https://www.rfc-editor.org/rfc/rfc9728.html#section-3.1)
 */
export function metadataLocation(resource: URL): URL {
  const path = resource.pathname === '/' ? '' : resource.pathname
  return new URL(wellKnown + path, resource.origin)
}

/** The paths that the metadata of a resource is served at. */
export function metadataPaths(resource: URL, root: boolean): ReadonlySet<string> {
  const exact = metadataLocation(resource).pathname
  return new Set(root ? [exact, wellKnown] : [exact])
}

/** The wire form. @see [RFC 9728 §2](https://www.rfc-editor.org/rfc/rfc9728.html#section-2) */
export interface ProtectedResourceMetadata {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly scopes_supported: readonly string[]
  readonly bearer_methods_supported: readonly ['header']
  readonly authorization_details_types_supported?: readonly string[]
  readonly resource_name?: string
  readonly resource_documentation?: string
  readonly dpop_signing_alg_values_supported?: readonly string[]
  readonly dpop_bound_access_tokens_required?: true
}

/**
 * Answers a request for the metadata; any page may read it, and no credentials are involved.
 *
 * @see [RFC 9728 §3.2 - Protected Resource Metadata Response](https://www.rfc-editor.org/rfc/rfc9728.html#section-3.2)
 */
export function metadataResponse(request: Request, document: string): Response {
  const headers = { 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' }
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return new Response(request.method === 'HEAD' ? null : document, {
        headers: {
          ...headers,
          'content-type': 'application/json',
          'cache-control': 'public, max-age=300',
        },
      })
    case 'OPTIONS':
      return new Response(null, {
        status: 204,
        headers: {
          ...headers,
          'access-control-allow-methods': allowed,
          // A wildcard does not cover Authorization, which some clients send here too.
          'access-control-allow-headers': 'Authorization, MCP-Protocol-Version, *',
          'access-control-max-age': '86400',
        },
      })
    default:
      return new Response(null, { status: 405, headers: { ...headers, allow: allowed } })
  }
}
