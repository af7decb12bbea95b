/** What can be tested without a network: the `handle` of a Gatewright handler, or any function from request to response. */
export interface Handler {
  handle(request: Request, context?: { ip?: string }): Promise<Response | undefined>
}

/**
 * Makes the `fetch` of a target from a handler. A path that is not the handler's is answered 404.
 *
 * @param ip the address that requests seem to come from
 * @group Checks
 * @example
 * <!-- prelude
 * declare const server: import('@gatewright/core').RequestHandler
 * -->
 * ```ts
 * const target = { resource: 'https://example.com/mcp', fetch: handlerFetch(server) }
 * ```
 */
export function handlerFetch(handler: Handler, ip = '127.0.0.1'): (request: Request) => Promise<Response> {
  return async (request) => (await handler.handle(request, { ip })) ?? new Response(null, { status: 404 })
}
