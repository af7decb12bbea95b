import { joinCookies } from './join-cookies.ts'
import { isCanonical } from './request-target.ts'
import { learnLightRequest, lightRequest } from './light-request.ts'
import type { NodeRequest, NodeResponse } from './node-messages.ts'
import { wholeRequests } from './whole-request.ts'
import type { WholeRequest } from './whole-request.ts'

/** A `Request` that reads from the connection, and listens to it, only when it is asked. */
export interface LazyRequest {
  readonly request: Request
  /** To be called before an answer: sees to it that what the handler left of a body is discarded afterwards. */
  readonly discardUnread: () => void
  /** Takes back what was attached to the response, for a request that someone else answers. */
  readonly release: () => void
}

const plainMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * Makes `Request` objects of an origin out of Node's requests.
 *
 * Their `signal` aborts when the client goes away before the response is finished, and what the handler leaves unread of a body
 * is discarded afterwards within limits.
 */
export function lazyRequests(
  origin: string,
  replaceGlobals: boolean,
): (incoming: NodeRequest, outgoing: NodeResponse, target: string) => LazyRequest {
  const wholeRequest = wholeRequests(origin, replaceGlobals)

  return (incoming, outgoing, target) => {
    joinCookies(incoming)
    let whole: WholeRequest | undefined
    const makeWhole = () => (whole ??= wholeRequest(incoming, outgoing, target)).request
    const request = light(incoming, target, makeWhole) ?? makeWhole()
    if (whole !== undefined) learnLightRequest(request)
    return {
      request,
      discardUnread() {
        if (request.method !== 'GET' && request.method !== 'HEAD' && !incoming.readableEnded) makeWhole()
      },
      release: () => whole?.release(),
    }
  }

  function light(incoming: NodeRequest, target: string, whole: () => Request): Request | undefined {
    const { method = '' } = incoming
    if ('authority' in incoming || !plainMethods.has(method)) return undefined
    return lightRequest({ incoming, method, url: urlOf(target), whole })
  }

  function urlOf(target: string): string {
    if (isCanonical(target)) return origin + target
    const { href } = new URL(origin + target)
    if (!href.startsWith(`${origin}/`))
      throw new TypeError(`no request of ${origin} can be made of ${target}`)
    return href
  }
}
