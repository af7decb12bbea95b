import type {
  AuthorizationRequest,
  Departure,
  RequestContext,
  Return,
  Session,
  Visit,
} from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import { readBrowserCookie, writeBrowserCookie } from './browser-cookie.ts'
import { csrfToken } from './csrf-token.ts'
import { interactionPages } from './interaction-pages.ts'
import { providerRedirectUri } from './provider-redirect-uri.ts'
import { interactionUrl } from './interaction-url.ts'
import type { OpenRequest } from './pending-request.ts'

/** One arrival of the browser at a pending request. */
export interface Arrival {
  readonly http: Request
  readonly context: RequestContext
  /** The submitted form, when it proved to be ours. */
  readonly form?: URLSearchParams | undefined
  /** What the browser brought back from a provider. */
  readonly returned?: Return | undefined
  /** What the user approved before leaving for the provider. */
  readonly approved?: readonly string[] | undefined
  readonly now: number
}

/** Who the browser is: the value of its cookie, made now when it has none, and its session. */
export interface Browser {
  readonly cookie: string
  readonly isNew: boolean
  /** The session, when it is fresh enough for the request. */
  readonly session: Session | undefined
}

/** Reads the browser's cookie and finds its session. */
export async function recognize(
  { request }: OpenRequest,
  { http, now }: Arrival,
  server: ServerContext,
): Promise<Browser> {
  const cookie = readBrowserCookie(http, server)
  if (cookie === undefined) return { cookie: server.secret(), isNew: true, session: undefined }
  const session = await server.sessions.find(cookie, now)
  const fresh = session !== undefined && session.authenticatedAt >= (request.authenticatedAfter ?? 0)
  return { cookie, isNew: false, session: fresh ? session : undefined }
}

/** The visit as an interaction sees it. */
export function toVisit(
  open: OpenRequest,
  described: AuthorizationRequest,
  browser: Browser,
  arrival: Arrival,
  userName: string | undefined,
  server: ServerContext,
): Visit {
  const { http, context, form, returned, now } = arrival
  const shown = {
    http,
    userName,
    action: interactionUrl(open, server),
    csrf: () => csrfToken(browser.cookie, open.handle),
  }
  return {
    ...shown,
    context,
    form,
    returned,
    now,
    session: browser.session,
    redirectUri: (provider: string) => providerRedirectUri(provider, server),
    leave: (departure: Departure) => leave(departure, open, described, arrival, server),
    get signedOutUri() {
      return server.urls.url('signed_out')
    },
    emit: server.emit,
    pages: interactionPages(described, shown, server),
  }
}

async function leave(
  departure: Departure,
  open: OpenRequest,
  described: AuthorizationRequest,
  arrival: Arrival,
  server: ServerContext,
): Promise<Response> {
  const logins = server.options.endpoints.find((endpoint) => endpoint.leave !== undefined)
  if (logins?.leave === undefined)
    throw new TypeError('browsers leave for a provider only where endpoints has providerLogins()')
  return logins.leave(departure, open, described, arrival, server)
}

// What the built-in pages have anyway. A page of the integrator carries the handle in its URL and must not be framed either.
const protections = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Finishes a response of the interaction: the headers that protect a page, unless it has its own, and the cookie of a new browser. */
export function finish(response: Response, { cookie, isNew }: Browser, server: ServerContext): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(protections)) if (!headers.has(name)) headers.set(name, value)
  if (isNew) headers.append('set-cookie', writeBrowserCookie(cookie, server))
  return new Response(response.body, { status: response.status, headers })
}
