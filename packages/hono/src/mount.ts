import type { RequestContext, RequestHandler } from '@gatewright/core'
import { checkOrigin, isResponse, nextTurn } from '@gatewright/node/adapting'
import type { Context, MiddlewareHandler } from 'hono'
import { publicRequest } from './public-request.ts'

/** What a mount may be told about the network in front of it. */
export interface MountOptions {
  /**
   * What is known about the connection: only the runtime's own `getConnInfo` or a proxy that you trust can tell.
   *
   * @default nothing: without an address, rules about addresses deny
   */
  readonly context?: (c: Context) => RequestContext
  /** Is told what the handler threw. The client does not learn it. */
  readonly onError?: (error: unknown) => void
}

/**
 * Mounts a handler on a Hono app, as a middleware for all paths: its paths are answered, all others go on to the routes.
 *
 * The URL that the handler sees is its own origin and the path that was asked for; `Host` and `X-Forwarded-*` are not read.
 *
 * @throws {TypeError} when the handler's `origin` is no http(s) origin
 * @example
 * ```ts
 * import { getConnInfo } from '@hono/node-server/conninfo'
 * import { Hono } from 'hono'
 *
 * const hello = {
 *   origin: 'https://gateway.example',
 *   handle: async ({ url }: Request) =>
 *     new URL(url).pathname === '/hello' ? new Response('hello') : undefined,
 * }
 * const app = new Hono()
 * app.use(mount(hello, { context: (c) => ({ ip: getConnInfo(c).remote.address }) }))
 * ```
 */
export function mount(handler: RequestHandler, options: MountOptions = {}): MiddlewareHandler {
  const origin = checkOrigin(handler.origin)
  return async (c, next) => {
    try {
      // Read at once: of a connection that ends meanwhile nobody knows the address.
      const context = options.context?.(c) ?? {}
      await nextTurn()
      const response = await handler.handle(await publicRequest(c, origin), context)
      if (response === undefined) return next()
      if (isResponse(response)) return response
      throw new TypeError('the handler gave something that is no response')
    } catch (error) {
      try {
        // After the client went away, reading fails for that reason alone.
        if (!c.req.raw.signal.aborted) options.onError?.(error)
      } catch {
        // A listener that fails must not change the response.
      }
      // Hono's own error handler would show the integrator's page where clients expect JSON.
      const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
      return Response.json({ error: 'server_error' }, { status: 500, headers })
    }
  }
}
