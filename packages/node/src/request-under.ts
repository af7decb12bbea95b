import { lightPrototype, wholeOf } from './light-prototype.ts'

const shared = new Set(['incomingKey', 'methodKey', 'urlKey', 'headersKey', 'abortControllerKey'])
const kinds = new WeakMap<object, object | undefined>()

/**
 * Gives the same request under another URL, without a stream or a signal of its own: for the requests of `@hono/node-server`, which
 * read from the connection only when they are asked. Its signal is that of the original.
 *
 * `undefined` for a request of another server, and for one of which the body was touched: such a one has to be made anew.
 */
export function requestUnder(url: string, raw: Request): Request | undefined {
  const prototype = Object.getPrototypeOf(raw) as object
  if (prototype === Request.prototype) return undefined
  if (!kinds.has(prototype)) kinds.set(prototype, lightPrototype(prototype))
  const kind = kinds.get(prototype)
  if (kind === undefined) return undefined
  const light = Object.create(kind) as Record<symbol, unknown>
  for (const key of Object.getOwnPropertySymbols(raw)) {
    const name = key.description ?? ''
    if (!shared.has(name)) return undefined
    light[key] = name === 'urlKey' ? url : (raw as unknown as Record<symbol, unknown>)[key]
  }
  // The server aborts the original.
  light[wholeOf] = () => raw
  const request = light as unknown as Request
  return request.url === url ? request : undefined
}
