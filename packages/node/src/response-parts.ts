/** What a response consists of, in the form in which it is cheapest to get. */
export interface ResponseParts {
  readonly status: number
  readonly headers: HeadersInit | undefined
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null
}

let lazyKey: symbol | undefined

/**
 * Learns how the global `Response` keeps what it was made from, and keeps `instanceof` true for the built-in objects.
 *
 * Does nothing while the global `Response` is the built-in one.
 */
export function learnLazyResponse(): void {
  const key = Object.getOwnPropertySymbols(new Response('')).find(
    ({ description }) => description === 'cache',
  )
  if (key === undefined || !Array.isArray(Reflect.get(new Response(''), key))) return
  lazyKey = key
  acceptBuiltIn(Response)
  acceptBuiltIn(Request)
}

// What fetch() returns, and classes that extended the built-in one earlier, would otherwise fail `instanceof Response`.
function acceptBuiltIn(lazy: typeof Response | typeof Request): void {
  let builtIn: object = lazy.prototype
  for (let above = builtIn; above !== Object.prototype; above = Object.getPrototypeOf(above) as object)
    builtIn = above
  if (builtIn === lazy.prototype || Object.hasOwn(lazy, Symbol.hasInstance)) return
  Object.defineProperty(lazy, Symbol.hasInstance, {
    configurable: true,
    value(this: unknown, value: unknown): boolean {
      return this === lazy
        ? Object.prototype.isPrototypeOf.call(builtIn, value as object)
        : Function.prototype[Symbol.hasInstance].call(this as typeof Response, value)
    },
  })
}

/** Takes a response apart, without making a stream of a body that is still a string or bytes. */
export function responseParts(response: Response): ResponseParts {
  const kept: unknown = lazyKey === undefined ? undefined : Reflect.get(response, lazyKey)
  if (Array.isArray(kept)) {
    const [status, body, headers] = kept as [number, unknown, HeadersInit | undefined]
    if (
      body === null ||
      typeof body === 'string' ||
      body instanceof Uint8Array ||
      body instanceof ReadableStream
    )
      return { status, headers, body }
    // Asked for its headers, the lazy response would take a blob for a text.
    if (body instanceof Blob) return { status, headers: withType(headers, body.type), body: body.stream() }
  }
  // The headers first: Bun forgets the content type of a body that was taken, unless somebody has looked at it.
  const { status, headers } = response
  return { status, headers, body: response.body }
}

function withType(init: HeadersInit | undefined, type: string): Headers {
  const headers = new Headers(init)
  if (type !== '' && !headers.has('content-type')) headers.set('content-type', type)
  return headers
}
