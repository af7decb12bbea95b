import type { RequestHandler } from '@gatewright/core'
import { toNodeListener } from '@gatewright/node'
import type { NodeListenerOptions } from '@gatewright/node'
import type { FastifyPluginCallback } from 'fastify'

/** What a mount may be told about the network in front of it. */
export type MountOptions = NodeListenerOptions

/**
 * Mounts a handler on a Fastify app, as a plugin to register at its root: its paths are answered, all others go on to the routes.
 *
 * A request is answered in the hook `onRequest`, before Fastify parses its body, and `onResponse` hooks and the request log see it.
 * Hooks that were added before run first and may still answer instead. Fastify's option `trustProxy` is not read: say
 * `trustedProxies`. The errors of the handler do not reach Fastify's error handler.
 *
 * @throws {TypeError} when the handler's `origin` is no http(s) origin, or a trusted proxy is not written plainly
 * @see [RFC 8615 §3 - Well-Known URIs](https://www.rfc-editor.org/rfc/rfc8615.html#section-3)
 * @example
 * ```ts
 * import { fastify } from 'fastify'
 *
 * const hello = {
 *   origin: 'https://gateway.example',
 *   handle: async ({ url }: Request) =>
 *     new URL(url).pathname === '/hello' ? new Response('hello') : undefined,
 * }
 * const app = fastify()
 * app.register(mount(hello))
 * ```
 */
export function mount(handler: RequestHandler, options: MountOptions = {}): FastifyPluginCallback {
  const listener = toNodeListener(handler, options)
  const plugin: FastifyPluginCallback = (app, _options, done) => {
    // `done` is called for the paths of others only: what the listener answers goes no further.
    app.addHook('onRequest', (request, reply, next) => listener(request.raw, reply.raw, () => next()))
    done()
  }
  // Fastify would keep the hook to the routes inside the plugin, of which there are none.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}
