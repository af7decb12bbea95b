import type { ServerContext } from '../server-context.ts'

/**
 * The endpoints at the origin that asks clients for a certificate, or nothing where the issuer itself does.
 *
 * @see [RFC 8705 §5 - Metadata for Mutual-TLS Endpoint Aliases](https://www.rfc-editor.org/rfc/rfc8705.html#section-5)
 */
export function mtlsAliases(server: ServerContext): Readonly<Record<string, unknown>> {
  const { options, urls } = server
  if (typeof options.mutualTls === 'boolean') return {}
  const { origin } = options.mutualTls
  const at = (endpoint: string) => origin + urls.path(endpoint)
  // A browser brings no certificate, so pages have no alias.
  const entries = options.endpoints
    .filter(({ page }) => !page)
    .flatMap((endpoint) => Object.entries(endpoint.metadata?.(at(endpoint.name), server) ?? {}))
    .filter(([name]) => name.endsWith('_endpoint'))
  return { mtls_endpoint_aliases: { token_endpoint: at('token'), ...Object.fromEntries(entries) } }
}

/** Checks the option `mutualTls`. @throws {TypeError} when its origin is none */
export function checkMutualTls(mutualTls: ServerContext['options']['mutualTls']): void {
  if (typeof mutualTls === 'boolean') return
  const { origin } = mutualTls
  if (!URL.canParse(origin) || new URL(origin).origin !== origin || !origin.startsWith('https:'))
    throw new TypeError(`mutualTls.origin must be an https origin without a path, got "${origin}"`)
}
