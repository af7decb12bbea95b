import type { RequestHandler } from '@gatewright/core'
import { toNodeListener } from '@gatewright/node'
import type { NodeListenerOptions } from '@gatewright/node'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a mount may be told about the network in front of it. */
export type MountOptions = NodeListenerOptions

/** A middleware of Express 4 or 5, written without Express's types so that it fits both. */
export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Mounts a handler on an Express app: its paths are answered, all others go on to `next`.
 *
 * Mount it at the root of the app and before body parsers. Discovery documents live at the root of the origin
 * (`/.well-known/...`), so under a prefix they cannot be found; a form that a parser has read is only written again. Express's
 * `trust proxy` setting is not read: say `trustedProxies`.
 *
 * @throws {TypeError} when the handler's `origin` is no http(s) origin, or a trusted proxy is not written plainly
 * @see [RFC 8615 §3 - Well-Known URIs](https://www.rfc-editor.org/rfc/rfc8615.html#section-3)
 * @example
 * ```ts
 * import express from 'express'
 *
 * const hello = {
 *   origin: 'https://gateway.example',
 *   handle: async ({ url }: Request) =>
 *     new URL(url).pathname === '/hello' ? new Response('hello') : undefined,
 * }
 * const app = express()
 * app.use(mount(hello))
 * app.use(express.json())
 * ```
 */
export function mount(handler: RequestHandler, options: MountOptions = {}): ExpressMiddleware {
  return toNodeListener(handler, options)
}
