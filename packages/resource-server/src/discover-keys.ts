import { checkOriginUrl } from '@gatewright/core'
import { fetchJson } from './fetch-json.ts'

const limits = { bytes: 1024 * 1024, timeout: 5 }

/**
 * Fetches the key set that an issuer's metadata names.
 *
 * @throws {Error} when no metadata document names this very issuer, or its key set cannot be fetched
 * @see [RFC 8414 §3 - Obtaining Authorization Server Metadata](https://www.rfc-editor.org/rfc/rfc8414.html#section-3)
 */
export async function discoverKeys(issuer: string, fetcher: typeof fetch): Promise<unknown> {
  const problems: unknown[] = []
  for (const location of metadataLocations(issuer))
    try {
      return await fetchJson(fetcher, jwksUri(await fetchJson(fetcher, location, limits), issuer), limits)
    } catch (problem) {
      problems.push(problem)
    }
  throw new AggregateError(problems, `no key set found for ${issuer}: ${problems.map(String).join('; ')}`)
}

/** @see [RFC 8414 §3.1 and §5](https://www.rfc-editor.org/rfc/rfc8414.html#section-3.1) */
function metadataLocations(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const inserted = ['oauth-authorization-server', 'openid-configuration'].map(
    (name) => `${origin}/.well-known/${name}${path}`,
  )
  return path === '' ? inserted : [...inserted, `${origin}${path}/.well-known/openid-configuration`]
}

function jwksUri(metadata: unknown, issuer: string): string {
  const { issuer: named, jwks_uri: uri } = (metadata ?? {}) as { issuer?: unknown; jwks_uri?: unknown }
  // RFC 8414 §3.3: whoever serves a document that names another issuer could supply that issuer's keys.
  if (named !== issuer) throw new Error(`its metadata names another issuer: ${String(named)}`)
  if (typeof uri !== 'string') throw new Error('its metadata names no jwks_uri')
  const [location = ''] = uri.split('?')
  checkOriginUrl(location, 'jwks_uri')
  return uri
}
