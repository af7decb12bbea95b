import {
  checkOriginUrl,
  createEventSink,
  defaultRuntime,
  OAuthError,
  type RequestContext,
  type RequestHandler,
  type Scopes,
} from '@gatewright/core'
import type { AccessToken } from './access-token.ts'
import { forbiddenResponse, unauthorizedResponse, type ForbiddenToken } from './challenge-responses.ts'
import { checkAlgorithms, checkScopes, checkWholeNumber, type ResourceServerOptions } from './options.ts'
import {
  metadataLocation,
  metadataPaths,
  metadataResponse,
  type ProtectedResourceMetadata,
} from './protected-resource-metadata.ts'
import { createPossessionCheck } from './possession.ts'
import { presentedToken, type PresentedToken, type TokenScheme } from './presented-token.ts'
import { Rejection } from './rejection.ts'
import { createTokenVerifier } from './token-verifier.ts'
import { trustedIssuers } from './trusted-issuers.ts'

/** Resolves to the verified token, or to the response that refuses the request. */
export type Gate = (request: Request, context?: RequestContext) => Promise<AccessToken | Response>

/** Verifies the access tokens of one resource; as a handler it serves that resource's metadata. */
export interface ResourceServer<Name extends string = string> extends RequestHandler {
  readonly resource: string
  /** Where the metadata is; every challenge points there. */
  readonly metadataUrl: string
  readonly scopes: Scopes<Name>
  /**
   * Verifies a token.
   *
   * A token that is bound to a key or certificate is refused, since nothing here proves it: use a gate.
   *
   * @throws {OAuthError} `invalid_token`, or `temporarily_unavailable` when keys or status cannot be read
   */
  verify(token: string): Promise<AccessToken>
  /** The gate that asks for a valid token and no scope. */
  authenticate: Gate
  /** Makes the gate that asks for a valid token with all these scopes. */
  requireScopes(...required: readonly [NoInfer<Name>, ...NoInfer<Name>[]]): Gate
  /** The response to a request without a valid token. */
  unauthorized(error?: OAuthError): Response
  /** The one 403 that lets a client ask for what is missing; `body` replaces the OAuth error in JSON. */
  forbidden(token: ForbiddenToken, required: readonly string[], body?: unknown): Response
}

/**
 * Creates the resource server's half of OAuth: what verifies tokens and tells clients where to get them.
 *
 * One resource server is one resource: several under one origin are several resource servers.
 *
 * @throws {TypeError} when an option is missing or unsafe
 * @example
 * <!-- prelude
 * import { defineScopes } from '@gatewright/core'
 * declare const request: Request
 * -->
 * ```ts
 * const api = createResourceServer({
 *   issuer: 'https://auth.example.com',
 *   resource: 'https://mcp.example.com/mcp',
 *   scopes: defineScopes({ 'read:application': 'View applications' }),
 * })
 * const gate = api.requireScopes('read:application')
 *
 * const token = await gate(request)
 * const answer = token instanceof Response ? token : new Response(`Hello, ${token.subject}`)
 * ```
 * @see [RFC 9728 §3 - Obtaining Protected Resource Metadata](https://www.rfc-editor.org/rfc/rfc9728.html#section-3)
 */
export function createResourceServer<Name extends string>(
  options: ResourceServerOptions<Name>,
): ResourceServer<Name> {
  const { issuer, jwks, tokens, resource, scopes, challengeScopes = [], authorizationServers = [] } = options
  // Without an audience to insist on, every token of the issuer would do.
  if (typeof resource !== 'string') throw new TypeError('resource must be the URL that tokens are issued for')
  const url = checkOriginUrl(resource, 'resource')
  const runtime = options.runtime ?? defaultRuntime
  const report = createEventSink(options.onEvent, () => runtime.now())
  const ages = {
    maxAge: checkWholeNumber(options.keysMaxAge ?? 600, 'keysMaxAge', 1),
    maxStale: checkWholeNumber(options.keysMaxStale ?? 86_400, 'keysMaxStale', 0),
  }
  const check = createTokenVerifier({
    issuers: trustedIssuers([{ issuer, jwks, tokens }, ...authorizationServers], ages, runtime),
    resource,
    algorithms: checkAlgorithms(options.algorithms),
    clockTolerance: checkWholeNumber(
      options.clockTolerance ?? (jwks === undefined ? 30 : 0),
      'clockTolerance',
      0,
      300,
    ),
    maxTokenAge:
      options.maxTokenAge === undefined ? undefined : checkWholeNumber(options.maxTokenAge, 'maxTokenAge', 1),
    cacheSize: checkWholeNumber(options.cacheSize ?? 10_000, 'cacheSize', 0),
    isRevoked: options.isRevoked,
    introspect: options.introspect,
    now: () => runtime.now(),
  })

  const possession = createPossessionCheck(options.dpop, url, () => runtime.now())
  const required = options.dpop?.required === true
  const schemes: readonly TokenScheme[] =
    possession.algorithms === undefined ? ['bearer'] : ['bearer', 'dpop']

  const metadataUrl = metadataLocation(url).href
  const paths = metadataPaths(url, options.rootMetadata ?? true)
  const supported = checkScopes(scopes, options.scopesSupported ?? scopes.names, 'scopesSupported')
  const document = JSON.stringify({
    resource,
    authorization_servers: [issuer, ...authorizationServers.map((server) => server.issuer)],
    // Whether refresh tokens exist is between the client and the authorization server.
    scopes_supported: supported.filter((name) => name !== 'offline_access'),
    bearer_methods_supported: ['header'],
    ...(options.authorizationDetailTypes === undefined
      ? {}
      : { authorization_details_types_supported: options.authorizationDetailTypes }),
    ...(options.resourceName === undefined ? {} : { resource_name: options.resourceName }),
    ...(options.resourceDocumentation === undefined
      ? {}
      : { resource_documentation: options.resourceDocumentation }),
    ...(possession.algorithms === undefined
      ? {}
      : { dpop_signing_alg_values_supported: possession.algorithms }),
    ...(required ? { dpop_bound_access_tokens_required: true } : {}),
  } satisfies ProtectedResourceMetadata)
  const firstScopes = checkScopes(scopes, challengeScopes, 'challengeScopes').filter(
    (name) => name !== 'offline_access',
  )
  const challenge = {
    metadataUrl,
    scope: firstScopes.length === 0 ? undefined : firstScopes.join(' '),
    algs: possession.algorithms?.join(' '),
    required,
  }

  const asOAuthError = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      if (!(error instanceof Rejection)) throw error
      throw new OAuthError('invalid_token', error.message, { cause: error })
    })
  async function verify(text: string): Promise<AccessToken> {
    const token = await check(text)
    if (token.confirmation !== undefined)
      throw new Rejection('cnf', 'the access token is bound to a key or certificate that was not proven')
    return token
  }
  async function admit(presented: PresentedToken, request: Request, context: RequestContext | undefined) {
    const token = await check(presented.token)
    await possession.check(presented, token, request, context)
    return token
  }
  const unauthorized = (error?: OAuthError) => unauthorizedResponse(challenge, error)
  const authenticate: Gate = async (request, context) => {
    let scheme: TokenScheme = 'bearer'
    try {
      const presented = presentedToken(request, schemes)
      if (presented === undefined) return unauthorized()
      scheme = presented.scheme
      return await asOAuthError(admit(presented, request, context))
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      const rejection = error.cause instanceof Rejection ? error.cause : undefined
      report({
        type: 'token.rejected',
        resource,
        reason: rejection?.reason ?? error.code,
        message: error.message,
        cause: error.cause,
        ip: context?.ip,
        requestId: context?.requestId,
        ...rejection?.details,
      })
      return unauthorizedResponse(challenge, error, scheme)
    }
  }
  const forbidden: ResourceServer['forbidden'] = (token, required, body) =>
    forbiddenResponse(challenge, token, required, body)

  return {
    origin: url.origin,
    resource,
    metadataUrl,
    scopes,
    verify: (token) => asOAuthError(verify(token)),
    authenticate,
    unauthorized,
    forbidden,
    requireScopes(...required) {
      // An empty list is a mistake in a configuration rather than the wish to let everyone in.
      if (required.length === 0) throw new TypeError('requireScopes needs at least one scope')
      checkScopes(scopes, required, 'requireScopes')
      return async (request, context) => {
        const token = await authenticate(request, context)
        if (token instanceof Response) return token
        return scopes.missing(token.scopes, required).length === 0 ? token : forbidden(token, required)
      }
    },
    async handle(request) {
      return paths.has(new URL(request.url).pathname) ? metadataResponse(request, document) : undefined
    },
  }
}
