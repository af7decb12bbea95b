import type { Handler } from '@gatewright/testkit'

/** Puts one flaw in front of a server that is right. */
export type Break = (handler: Handler) => Handler

/** A request with its body at hand. */
export interface Seen {
  readonly request: Request
  readonly path: string
  readonly text: string
  readonly form: URLSearchParams
  /** A JSON body; empty when there is none. */
  readonly json: Readonly<Record<string, unknown>>
}

/** Answers requests in the server's place, or sends other ones on. `undefined` leaves a request as it is. */
export function before(
  work: (seen: Seen) => Response | Request | undefined | Promise<Response | Request | undefined>,
): Break {
  return (handler) => ({
    async handle(request, context) {
      const changed = await work(await see(request.clone()))
      return changed instanceof Response ? changed : handler.handle(changed ?? request, context)
    },
  })
}

/** Changes answers. `undefined` leaves an answer as it is. */
export function after(
  work: (response: Response, seen: Seen) => Response | undefined | Promise<Response | undefined>,
): Break {
  return (handler) => ({
    async handle(request, context) {
      const seen = await see(request.clone())
      const response = await handler.handle(request, context)
      return response === undefined ? undefined : ((await work(response.clone(), seen)) ?? response)
    },
  })
}

/** Several flaws, the first outermost. */
export function all(...breaks: readonly Break[]): Break {
  return (handler) => breaks.reduceRight((inner, flaw) => flaw(inner), handler)
}

async function see(request: Request): Promise<Seen> {
  const text = await request.clone().text()
  const isForm = request.headers.get('content-type')?.includes('form') === true
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = {}
  }
  return {
    request,
    path: new URL(request.url).pathname,
    text,
    form: new URLSearchParams(isForm ? text : ''),
    json: (typeof json === 'object' && json !== null ? json : {}) as Seen['json'],
  }
}

/** The same answer with another header; an empty value takes the header away. */
export function withHeader(response: Response, name: string, change: (value: string) => string): Response {
  const headers = new Headers(response.headers)
  const value = change(headers.get(name) ?? '')
  if (value === '') headers.delete(name)
  else headers.set(name, value)
  const { status } = response
  return new Response(response.body, { status, headers })
}

/** The same answer with another JSON body. */
export async function withJson(
  response: Response,
  change: (json: Record<string, unknown>) => object,
): Promise<Response> {
  const json = (await response.json()) as Record<string, unknown>
  const { status, headers } = response
  const rest = new Headers(headers)
  rest.delete('content-length')
  return new Response(JSON.stringify(change(json)), { status, headers: rest })
}

/** The same request with other headers; an empty value takes a header away. */
export function withRequestHeaders(request: Request, changes: Readonly<Record<string, string>>): Request {
  const headers = new Headers(request.headers)
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') headers.delete(name)
    else headers.set(name, value)
  }
  return new Request(request, { headers })
}

/** The same request with another form. */
export function withForm({ request, form }: Seen, change: (form: URLSearchParams) => void): Request {
  const changed = new URLSearchParams(form)
  change(changed)
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  return new Request(request.url, { method: 'POST', headers, body: changed.toString(), redirect: 'manual' })
}

/** The same request with other parameters in its URL. */
export function withQuery(request: Request, change: (query: URLSearchParams) => void): Request {
  const url = new URL(request.url)
  change(url.searchParams)
  return new Request(url, request)
}
