// Taken at once: fake timers, which replace the global one, would stop every request of a test.
const { setImmediate } = globalThis as Partial<typeof globalThis>

// On Cloudflare Workers a timer ends with the request that set it, and all who wait for it would wait for ever.
const isWorkers = 'WebSocketPair' in globalThis

let turn: Promise<void> | undefined

/**
 * Is fulfilled when all requests have been read that the event loop has at hand, for all of them at once; they then proceed in step,
 * one awaited step of each after the other's.
 *
 * Handled from beginning to end instead, each finds the caches of the processor full of what the last one ended with, and takes up to
 * twice the time. What is awaited is shared, but each request goes on in its own asynchronous context.
 *
 * On Cloudflare Workers, and where there is no `setImmediate`, it is fulfilled at once.
 *
 * @example
 * ```ts
 * import { nextTurn } from '@gatewright/node/adapting'
 *
 * async function serve(request: Request): Promise<Response> {
 *   await nextTurn()
 *   return new Response(`You asked for ${request.url}`)
 * }
 * ```
 */
export function nextTurn(): Promise<void> {
  if (setImmediate === undefined || isWorkers) return Promise.resolve()
  turn ??= new Promise((done) =>
    setImmediate(() => {
      turn = undefined
      done()
    }),
  )
  return turn
}
