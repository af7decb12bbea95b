import { checkOriginUrl, defaultRuntime, guardedFetch, type Runtime } from '@gatewright/core'
import {
  allowInsecureRequests,
  clockSkew,
  customFetch,
  introspectionRequest,
  type ClientAuth,
} from 'oauth4webapi'
import { createIntrospectionCache } from './introspection-cache.ts'
import { introspectionClient, type IntrospectionCredentials } from './introspection-client.ts'
import { checkWholeNumber, type Introspect } from './options.ts'

/** Options of `introspection`. */
export type IntrospectionOptions = IntrospectionCredentials & {
  /** The authorization server; what it says about tokens of another issuer counts for nothing. */
  readonly issuer: string
  /** Its introspection endpoint. */
  readonly endpoint: string
  /**
   * Seconds for which an answer may be used again, 0 to 30: that long a revoked token may live on. An answer is never used after
   * the token has expired, and only that a token is good is remembered.
   *
   * @default 0
   */
  readonly cache?: number | undefined
  /** How many answers are remembered at most. @default 10000 */
  readonly cacheSize?: number | undefined
  /** Seconds until the endpoint must have answered, 1 to 60. @default 5 */
  readonly timeout?: number | undefined
  /** Clock and `fetch`. @default the runtime's own */
  readonly runtime?: Runtime | undefined
}

const maximumBytes = 64 * 1024

/**
 * Makes the `introspect` option of a resource server that asks an authorization server over HTTP.
 *
 * Requests with one token at one time are one question. Whatever is no clear answer makes it throw, so that the request is
 * denied with 503. It does not check audience and times: the resource server does.
 *
 * @throws {TypeError} when an option is missing or malformed
 * @example
 * <!-- prelude
 * import { defineScopes } from '@gatewright/core'
 * declare const clientSecret: string
 * -->
 * ```ts
 * const issuer = 'https://auth.example.com'
 * const api = createResourceServer({
 *   issuer,
 *   resource: 'https://mcp.example.com/mcp',
 *   scopes: defineScopes({ 'read:application': 'View applications' }),
 *   introspect: introspection({ issuer, endpoint: `${issuer}/introspect`, clientId: 'mcp-server', clientSecret }),
 * })
 * ```
 * @see [RFC 7662 §2 - Introspection Endpoint](https://www.rfc-editor.org/rfc/rfc7662.html#section-2)
 */
export function introspection(options: IntrospectionOptions): Introspect {
  const { issuer, endpoint, clientId, runtime = defaultRuntime } = options
  checkOriginUrl(issuer, 'issuer')
  checkOriginUrl(endpoint, 'endpoint')
  const authentication: ClientAuth = introspectionClient(options)
  const timeout = checkWholeNumber(options.timeout ?? 5, 'timeout', 1, 60)
  // The operator wrote the endpoint down, so it may be anywhere; what it answers is bounded all the same.
  const send = guardedFetch({
    reach: 'any',
    maximumBytes,
    timeout,
    fetch: (...request) => runtime.fetch(...request),
  })
  const cached = createIntrospectionCache({
    seconds: checkWholeNumber(options.cache ?? 0, 'cache', 0, 30),
    size: checkWholeNumber(options.cacheSize ?? 10_000, 'cacheSize', 1),
    now: () => runtime.now(),
  })

  async function ask(token: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const skew = Math.round((runtime.now() - defaultRuntime.now()) / 1000)
    const response = await introspectionRequest(
      { issuer, introspection_endpoint: endpoint },
      { client_id: clientId, [clockSkew]: skew },
      authentication,
      token,
      {
        [customFetch]: (url: string, init: object) => send(url, init),
        [allowInsecureRequests]: true,
        additionalParameters: { token_type_hint: 'access_token' },
      },
    )
    return activeClaims(response, issuer)
  }

  return (token) => cached(token, () => ask(token))
}

/** The claims of an answer that says of a token of this issuer that it is active. */
async function activeClaims(response: Response, issuer: string) {
  // 401 is about our own credentials: it says nothing about the token.
  if (response.status !== 200)
    throw new Error(`the introspection endpoint of ${issuer} answered ${response.status}`)
  if (!/^application\/json\s*(;|$)/i.test(response.headers.get('content-type') ?? ''))
    throw new Error(`the introspection endpoint of ${issuer} did not answer with JSON`)
  const answer: unknown = await response.json()
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new Error(`the introspection endpoint of ${issuer} did not answer with an object`)
  const claims = answer as Readonly<Record<string, unknown>>
  // RFC 7662 §2.2: `active` is a boolean and required; the text "true" is no permission.
  if (claims.active !== true) return undefined
  // A server that may speak for one issuer must not let in users of another.
  return claims.iss === undefined || claims.iss === issuer ? claims : undefined
}
