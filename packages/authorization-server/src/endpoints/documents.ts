import type { RequestContext } from '@gatewright/core'
import { metadata } from '../metadata.ts'
import type { ServerContext } from '../server-context.ts'

/** The metadata document. */
export async function metadataDocument(
  _http: Request,
  _context: RequestContext,
  server: ServerContext,
): Promise<Response> {
  return publicDocument(metadata(server))
}

/** The public signing keys. @see [RFC 7517 §5 - JWK Set Format](https://www.rfc-editor.org/rfc/rfc7517.html#section-5) */
export async function jwks(
  _http: Request,
  _context: RequestContext,
  server: ServerContext,
): Promise<Response> {
  return publicDocument(await server.keys.jwks(server.now()))
}

// Caches may keep it for five minutes, well below the time that a new key is published ahead.
function publicDocument(body: unknown): Response {
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'public, max-age=300',
    'x-content-type-options': 'nosniff',
  }
  return new Response(JSON.stringify(body), { headers })
}
