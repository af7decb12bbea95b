import type { OpenOptions } from './upstream-endpoint.ts'

/** An answer that is no answer of MCP. */
export class UpstreamStatusError extends Error {
  readonly status: number
  /** Whether the upstream has forgotten the session, so that it cannot have done anything. */
  readonly sessionLost: boolean

  constructor(status: number, sessionLost = false) {
    super(`the upstream answered with HTTP ${status}`)
    this.name = 'UpstreamStatusError'
    this.status = status
    this.sessionLost = sessionLost
  }
}

/**
 * A fetch for one upstream: with the gateway's own credential, to that URL only, without redirects, and cut off at a size.
 *
 * What the upstream says about logging in ends here. Whoever followed its challenge would give a token to a server of its choice.
 */
export function upstreamFetch(target: URL, options: OpenOptions) {
  return async (input: string | URL, init: object = {}): Promise<Response> => {
    const request: RequestInit = init
    const url = new URL(input)
    if (url.href !== target.href) throw new Error('the upstream may not send its client elsewhere')
    const sent = new Headers(request.headers)
    for (const [name, value] of Object.entries(await options.headers())) sent.set(name, value)
    const response = await options.fetch(url, {
      ...request,
      headers: sent,
      redirect: 'manual',
      credentials: 'omit',
    })
    const { status } = response
    if (status === 401) options.rejected()
    const sessionLost = status === 404 && sent.has('mcp-session-id')
    const redirected = response.type === 'opaqueredirect' || (status >= 300 && status < 400)
    if (sessionLost || redirected || status === 401 || status === 403 || status === 429 || status >= 500) {
      await response.body?.cancel()
      throw new UpstreamStatusError(status, sessionLost)
    }
    return withinSize(response, options.maximumBytes)
  }
}

function withinSize(response: Response, maximumBytes: number): Response {
  const { status, statusText, body } = response
  if (body === null) return response
  let bytes = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes <= maximumBytes) controller.enqueue(chunk)
      else controller.error(new Error(`the upstream sent more than ${maximumBytes} bytes`))
    },
  })
  const headers = new Headers(response.headers)
  for (const name of ['content-encoding', 'content-length', 'www-authenticate']) headers.delete(name)
  return new Response(
    body.pipeThrough(limit as ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>),
    { status, statusText, headers },
  )
}
