/** What a request is made of that has no stream, signal or listener until it is asked for one. */
interface LightParts {
  readonly incoming: object
  readonly method: string
  readonly url: string
  /** Makes the request of the same message that has a signal of its own. */
  readonly whole: () => Request
}

type Keyed = Record<symbol, unknown>

const wholeOf = Symbol('whole request')
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
  const prototype = Object.getPrototypeOf(sample) as object
  const incomingKey = symbolOf(sample, 'incomingKey')
  const methodKey = symbolOf(sample, 'methodKey')
  const urlKey = symbolOf(sample, 'urlKey')
  const controllerKey = symbolOf(prototype, 'getAbortController')
  if (!incomingKey || !methodKey || !urlKey || !controllerKey) return
  // Whatever needs more than the message asks for the controller of the signal first, a body that becomes a stream too.
  const light = Object.create(prototype, {
    [controllerKey]: {
      value(this: Keyed): unknown {
        const whole = (this[wholeOf] as () => Request)() as unknown as Record<symbol, () => unknown>
        return whole[controllerKey]?.()
      },
    },
  }) as object
  make = ({ incoming, method, url, whole }) => {
    const request = Object.create(light) as Keyed
    request[incomingKey] = incoming
    request[methodKey] = method
    request[urlKey] = url
    request[wholeOf] = whole
    return request as unknown as Request
  }
}

function symbolOf(owner: object, name: string): symbol | undefined {
  return Object.getOwnPropertySymbols(owner).find(({ description }) => description === name)
}
