import { createEventSink, encodeBase64url, jsonResponse, OAuthError } from '@gatewright/core'
import type { RequestContext, RequestHandler, Session, TokenStatusQuery } from '@gatewright/core'
import { createCounter, createReplayStore } from '@gatewright/storage'
import { errorPageResponse } from './endpoints/error-page-response.ts'
import { share, sharedJson } from './endpoints/shared-response.ts'
import { createGrantStore } from './grants/grant-store.ts'
import { readBrowserCookie } from './interaction/browser-cookie.ts'
import { createSessionStore } from './interaction/session-store.ts'
import { createLimitRate } from './limits/rate-limits.ts'
import { metadata } from './metadata.ts'
import { resolveOptions } from './options.ts'
import { createPages } from './pages/create-pages.ts'
import type { Pages } from './pages/create-pages.ts'
import { createPartitions } from './partitions.ts'
import { createScopeCatalog } from './requests/scope-catalog.ts'
import { doubtStorage } from './doubt-storage.ts'
import { createRoutes } from './routes.ts'
import type { Route } from './routes.ts'
import type { ServerContext } from './server-context.ts'
import type { ServerComposition } from './server-parts.ts'
import { toOAuthError } from './to-oauth-error.ts'
import type { AccessTokenClaims } from './tokens/access-token.ts'
import { activeToken, isRevoked } from './tokens/token-state.ts'
import { createUrls } from './urls.ts'

/** An authorization server of the parts that it was given: mount it, or call its functions. */
export interface ComposedAuthorizationServer extends RequestHandler {
  readonly issuer: string
  /** The metadata document. */
  metadata(): Promise<Readonly<Record<string, unknown>>>
  /**
   * The public signing keys, for a resource server in the same process.
   *
   * Await it once before you listen, and a secret that is not that of the stored keys shows then.
   *
   * @throws {TypeError} when the stored keys were sealed with another secret
   */
  readonly jwks: () => Promise<{ keys: JsonWebKey[] }>
  /** Whether an access token of this server may no longer be used. One read of the storage; nothing is cached. */
  readonly isRevoked: (query: TokenStatusQuery) => Promise<boolean>
  /** The claims of an access token that may be used now, of either format; `undefined` for every other text. One read of the storage. */
  readonly introspect: (token: string) => Promise<AccessTokenClaims | undefined>
  /** Who is signed in at the browser that sent the request. */
  session(request: Request): Promise<Session | undefined>
  /** What the parts share; made once. The administration is created from it. */
  readonly context: () => Promise<ServerContext>
}

/**
 * Composes an authorization server of exactly the parts that it is given. Of what no part is given for, nothing is loaded or bundled.
 *
 * `createAuthorizationServer` does the same with the usual parts.
 *
 * @throws {TypeError} when an option is missing, malformed or contradicts another
 * @see [OAuth 2.1 draft-13 §1](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13)
 */
export function composeAuthorizationServer(given: ServerComposition): ComposedAuthorizationServer {
  const options = resolveOptions(given)
  const endpoints = Object.fromEntries(options.endpoints.map(({ name, path }) => [name, path]))
  const urls = createUrls(options.issuer, given.paths, endpoints)
  const routes = createRoutes(urls, options)
  const pages = createPages(options.productName, options.pages)
  let created: Promise<ServerContext> | undefined
  const context = () => (created ??= createContext(options, urls, pages))
  return {
    origin: urls.origin,
    issuer: options.issuer,
    async handle(request, connection = {}) {
      const route = routes.get(new URL(request.url).pathname)
      return route === undefined ? undefined : serve(route, request, connection, await context())
    },
    metadata: async () => metadata(await context()),
    jwks: async () => (await context()).keys.jwks(options.runtime.now()),
    isRevoked: async (query) => isRevoked(query, await context()),
    async introspect(token) {
      const server = await context()
      return activeToken(token, server.now(), server)
    },
    async session(request) {
      const server = await context()
      const secret = readBrowserCookie(request, server)
      return secret === undefined ? undefined : server.sessions.find(secret, server.now())
    },
    context,
  }
}

async function createContext(
  options: ServerContext['options'],
  urls: ServerContext['urls'],
  pages: Pages,
): Promise<ServerContext> {
  const { issuer, storage, runtime } = options
  const emit = createEventSink(options.onEvent, () => runtime.now())
  doubtStorage(options, emit)
  const partitions = await createPartitions(issuer)
  const now = () => runtime.now()
  const counter = createCounter(storage, { namespace: partitions.counters })
  return {
    issuer,
    options,
    urls,
    partitions,
    storage,
    runtime,
    now,
    pages,
    counter,
    limitRate: createLimitRate(options.rateLimits, counter, now),
    dpop: options.dpop,
    scopes: createScopeCatalog(
      options.scopes,
      options.grants.some(({ name }) => name === 'refresh_token'),
    ),
    keys: options.keys.open({ storage, partition: partitions.keys }),
    grants: createGrantStore(storage, partitions),
    sessions: createSessionStore(storage, partitions, options.sessionLifetime, runtime),
    emit,
    replay: createReplayStore(storage),
    secret: () => encodeBase64url(runtime.randomBytes(32)),
  }
}

async function serve(
  route: Route,
  http: Request,
  context: RequestContext,
  server: ServerContext,
): Promise<Response> {
  const { method } = http
  const allowed: readonly string[] = route.methods.includes('GET')
    ? ['HEAD', ...route.methods]
    : route.methods
  if (method === 'OPTIONS' && !route.page) return preflight(allowed)
  const response = allowed.includes(method)
    ? await route
        .answer(http, context, server)
        .catch((error: unknown) => failure(route, error, http, context, server))
    : methodNotAllowed(allowed)
  const open = route.page ? response : share(response)
  return method === 'HEAD' ? new Response(null, open) : open
}

async function failure(
  route: Route,
  thrown: unknown,
  http: Request,
  context: RequestContext,
  server: ServerContext,
): Promise<Response> {
  if (!(thrown instanceof OAuthError)) {
    server.emit({
      type: 'request.failed',
      ip: context.ip,
      requestId: context.requestId,
      message: String(thrown),
      cause: thrown,
    })
  }
  const error = toOAuthError(thrown)
  if (route.page) return errorPageResponse(error, http, server)
  return sharedJson(error.toJSON(), error.status, error.headers)
}

function methodNotAllowed(allowed: readonly string[]): Response {
  const body = { error: 'invalid_request', error_description: `use ${allowed.join(' or ')}` }
  return jsonResponse(body, 405, { allow: allowed.join(', ') })
}

function preflight(allowed: readonly string[]): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': allowed.join(', '),
      'access-control-allow-headers': 'Authorization, Content-Type, Accept, MCP-Protocol-Version, DPoP',
      'access-control-max-age': '7200',
    },
  })
}
