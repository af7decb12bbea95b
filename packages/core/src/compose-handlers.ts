import type { RequestHandler } from './request-handler.ts'

/**
 * Combines handlers of one origin into one: the first that answers wins.
 *
 * @throws {TypeError} when the handlers do not share their origin, or there is none
 */
export function composeHandlers(...handlers: readonly RequestHandler[]): RequestHandler {
  const [first] = handlers
  if (first === undefined) throw new TypeError('composeHandlers needs at least one handler')
  const stranger = handlers.find(({ origin }) => origin !== first.origin)
  if (stranger !== undefined)
    throw new TypeError(`handlers of ${first.origin} and ${stranger.origin} cannot be composed`)
  return {
    origin: first.origin,
    async handle(request, context) {
      for (const handler of handlers) {
        const response = await handler.handle(request, context)
        if (response !== undefined) return response
      }
      return undefined
    },
  }
}
