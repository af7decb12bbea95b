import type { RequestHandler } from '@gatewright/core'

/** A request that arrived, with its body read in the way that its content type says. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly form: URLSearchParams
  readonly json: Readonly<Record<string, unknown>>
  status?: number
}

/** Puts a recorder in front of a handler; it sees what clients in other processes send. */
export function record(handler: RequestHandler, requests: RecordedRequest[]): RequestHandler {
  return {
    origin: handler.origin,
    async handle(request, context) {
      const { method, headers } = request
      const { pathname, searchParams } = new URL(request.url)
      const text = method === 'POST' ? await request.clone().text() : ''
      const isJson = headers.get('content-type')?.includes('json') === true
      const recorded: RecordedRequest = {
        method,
        path: pathname,
        query: searchParams,
        headers: new Headers(headers),
        form: new URLSearchParams(isJson ? '' : text),
        json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
      }
      requests.push(recorded)
      const response = await handler.handle(request, context)
      recorded.status = response?.status ?? 404
      return response
    },
  }
}
