import { lightPrototype, symbolOf, wholeOf } from './light-prototype.ts'

/** What a request is made of that has no stream, signal or listener until it is asked for one. */
interface LightParts {
  readonly incoming: object
  readonly method: string
  readonly url: string
  /** Makes the request of the same message that has a signal of its own. */
  readonly whole: () => Request
}

let make: ((parts: LightParts) => Request) | undefined
let learned = false

/**
 * Makes a request of `@hono/node-server` without its listener, which costs more than all else here.
 *
 * Gives `undefined` before it has learned how they are built.
 */
export function lightRequest(parts: LightParts): Request | undefined {
  return make?.(parts)
}

/** Learns from one request of `@hono/node-server` how they are built. Where it is not as expected, nothing is presumed of others. */
export function learnLightRequest(sample: Request): void {
  if (learned) return
  learned = true
  const incomingKey = symbolOf(sample, 'incomingKey')
  const methodKey = symbolOf(sample, 'methodKey')
  const urlKey = symbolOf(sample, 'urlKey')
  const light = lightPrototype(Object.getPrototypeOf(sample) as object)
  if (!incomingKey || !methodKey || !urlKey || !light) return
  make = ({ incoming, method, url, whole }) => {
    const request = Object.create(light) as Record<symbol, unknown>
    request[incomingKey] = incoming
    request[methodKey] = method
    request[urlKey] = url
    request[wholeOf] = whole
    return request as unknown as Request
  }
}
