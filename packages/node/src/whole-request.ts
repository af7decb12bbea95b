import { getRequestListener } from '@hono/node-server'
import { isGone } from './is-gone.ts'
import type { NodeRequest, NodeResponse } from './node-messages.ts'
import { learnLazyResponse } from './response-parts.ts'

/** A `Request` whose signal and body are those of a connection, with what that takes attached to the response. */
export interface WholeRequest {
  readonly request: Request
  /** Takes back what was attached to the response, for a request that someone else answers. */
  readonly release: () => void
}

/**
 * Makes `Request` objects of an origin out of Node's requests.
 *
 * Their `signal` aborts when the client goes away before the response is finished, and what the handler leaves unread of a body
 * is discarded afterwards within limits.
 */
export function wholeRequests(
  origin: string,
  replaceGlobals: boolean,
): (incoming: NodeRequest, outgoing: NodeResponse, target: string) => WholeRequest {
  const { host, protocol } = new URL(origin)
  let made: Request | undefined
  // The listener calls back before it returns. A promise that stays pending leaves the answer to us.
  const listen = getRequestListener(
    (request) => {
      made = request
      return new Promise<never>(() => {})
    },
    { overrideGlobalObjects: replaceGlobals, errorHandler: () => {} },
  )
  learnLazyResponse()
  return (incoming, outgoing, target) => {
    const before = outgoing.listenerCount('close')
    const { url } = incoming
    made = undefined
    // The URL is built from what the request says about itself, so for that moment it says the public origin.
    if ('authority' in incoming) {
      Object.defineProperties(incoming, {
        authority: { value: host, configurable: true },
        scheme: { value: protocol.slice(0, -1), configurable: true },
      })
      incoming.url = target
      void listen(incoming, outgoing)
      Reflect.deleteProperty(incoming, 'authority')
      Reflect.deleteProperty(incoming, 'scheme')
    } else {
      incoming.url = origin + target
      void listen(incoming, outgoing)
    }
    incoming.url = url ?? ''
    const request = made as Request | undefined
    if (request === undefined || !request.url.startsWith(`${origin}/`))
      throw new TypeError(`no request of ${origin} can be made of ${target}`)
    const attached = outgoing.listeners('close').slice(before) as (() => void)[]
    // Whoever asks for the signal after the client went away has missed the event.
    if (isGone(outgoing)) for (const listener of attached) listener()
    return {
      request,
      release() {
        for (const listener of attached) outgoing.off('close', listener)
      },
    }
  }
}
