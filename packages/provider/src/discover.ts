import { defaultRuntime, OAuthError } from '@gatewright/core'
import type { Runtime } from '@gatewright/core'
import { allowInsecureRequests, customFetch, discoveryRequest, processDiscoveryResponse } from 'oauth4webapi'
import type { AuthorizationServer } from 'oauth4webapi'
import { signingAlgorithms } from './signing-algorithms.ts'

const freshFor = 3_600_000

/**
 * Makes the function that gives a provider's metadata: fetched once an hour, and by one request however many logins wait.
 * A failure is not kept, so the next login tries again.
 *
 * @throws {TypeError} from the returned function, when the document is another issuer's
 * @see [RFC 8414 §3.3 - Authorization Server Metadata Validation](https://www.rfc-editor.org/rfc/rfc8414.html#section-3.3)
 */
export function discover(
  what: string,
  issuer: string,
  send: typeof fetch,
  runtime: Pick<Runtime, 'now'> = defaultRuntime,
): () => Promise<AuthorizationServer> {
  let known: { readonly found: Promise<AuthorizationServer>; readonly until: number } | undefined
  return () => {
    const now = runtime.now()
    if (known !== undefined && now < known.until) return known.found
    const found = fetchMetadata(what, issuer, send)
    const current = { found, until: now + freshFor }
    known = current
    found.catch(() => {
      if (known === current) known = undefined
    })
    return found
  }
}

async function fetchMetadata(what: string, issuer: string, send: typeof fetch): Promise<AuthorizationServer> {
  const response = await discoveryRequest(new URL(issuer), {
    [customFetch]: send as never,
    [allowInsecureRequests]: true,
  })
  const url = new URL(issuer)
  const metadata = await processDiscoveryResponse(url, response).catch((cause: unknown) => {
    if (cause instanceof Error && /does not match the expected/.test(cause.message))
      throw new TypeError(`${what}: the discovery document is of another issuer`, { cause })
    throw new OAuthError('server_error', `${what}: the discovery document cannot be used`, { cause })
  })
  // Compared as a string: ID tokens and `iss` parameters are, too.
  if (metadata.issuer !== issuer)
    throw new TypeError(`${what}: the issuer calls itself "${metadata.issuer}"; configure exactly that`)
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const)
    if (typeof metadata[name] !== 'string')
      throw new TypeError(`${what}: the discovery document has no ${name}`)
  const { id_token_signing_alg_values_supported: named } = metadata
  const usable = (Array.isArray(named) ? named : []).filter((name) => signingAlgorithms.includes(name))
  return {
    ...metadata,
    id_token_signing_alg_values_supported: usable.length > 0 ? usable : [...signingAlgorithms],
  }
}
