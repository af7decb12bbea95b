import type { RequestHandler } from '@gatewright/core'
import { checkOrigin } from './check-origin.ts'
import { isBrokenOff, isGone } from './is-gone.ts'
import { lazyRequests } from './lazy-request.ts'
import type { LazyRequest } from './lazy-request.ts'
import type { NodeListenerOptions } from './node-listener-options.ts'
import type { NodeRequest, NodeResponse } from './node-messages.ts'
import { nextTurn } from './next-turn.ts'
import { restoreBody } from './parsed-body.ts'
import { requestContexts } from './request-context.ts'
import { parseRequestTarget, requestTarget } from './request-target.ts'
import { breakOff, writeNotFound, writeResponse, writeServerError } from './write-response.ts'

/** A listener for `request` events, and a middleware where the caller gives `next`. */
export type NodeListener = (request: NodeRequest, response: NodeResponse, next?: Next) => void

type Next = (error?: unknown) => void

/**
 * Turns a handler into a listener for `node:http`, `node:https`, `node:http2` (compatibility API) and Connect-like frameworks.
 *
 * The URL of each request is the handler's origin and the path that was asked for; `Host` and `X-Forwarded-*` are not read. A path
 * that is not the handler's goes to `next`, with its body untouched, or is answered 404. What the handler throws is answered 500
 * `{"error":"server_error"}`. When the client goes away, the request's `signal` aborts.
 *
 * @throws {TypeError} when the handler's `origin` is no http(s) origin, or a trusted proxy is not written plainly
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 *
 * const hello = {
 *   origin: 'https://gateway.example',
 *   handle: async ({ url }: Request) =>
 *     new URL(url).pathname === '/hello' ? new Response('hello') : undefined,
 * }
 * createServer(toNodeListener(hello, { trustedProxies: ['10.0.0.0/8'] })).listen(3000)
 * ```
 */
export function toNodeListener(handler: RequestHandler, options: NodeListenerOptions = {}): NodeListener {
  const origin = checkOrigin(handler.origin)
  const targetOf = options.requestTarget ?? requestTarget
  const lazyRequest = lazyRequests(origin, options.replaceGlobals ?? true)
  const contextOf = requestContexts(options)

  async function serve(incoming: NodeRequest, outgoing: NodeResponse, next?: Next): Promise<void> {
    let streaming: Promise<void> | undefined
    let asked: LazyRequest | undefined
    try {
      const target = parseRequestTarget(targetOf(incoming))
      if (target !== undefined) {
        // Read at once: of a connection that ends meanwhile nobody knows the address, and rules about addresses would not meet it.
        const context = contextOf(incoming)
        await nextTurn()
        asked = lazyRequest(restoreBody(incoming), outgoing, target)
        const response = await handler.handle(asked.request, context)
        if (response !== undefined) {
          asked.discardUnread()
          streaming = writeResponse(response, incoming, outgoing)
          return await streaming
        }
        asked.release()
      }
    } catch (error) {
      // After the client went away, reading and writing fail for that reason alone.
      if (isGone(outgoing) || isBrokenOff(incoming)) return
      asked?.discardUnread()
      if (streaming === undefined) writeServerError(outgoing)
      else breakOff(outgoing)
      report(error)
      return
    }
    if (next === undefined) writeNotFound(outgoing)
    else next()
  }

  function report(error: unknown): void {
    try {
      options.onError?.(error)
    } catch {
      // A listener that fails must not take the process down with it.
    }
  }

  return (incoming, outgoing, next) => void serve(incoming, outgoing, next)
}
