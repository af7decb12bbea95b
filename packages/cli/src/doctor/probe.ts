/** What came back from one request. */
export interface Answer {
  readonly url: string
  /** 0 when nothing came back. */
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; `undefined` when it is no JSON object. */
  readonly json: Readonly<Record<string, unknown>> | undefined
  readonly milliseconds: number
  /** Why nothing came back. */
  readonly failure?: string
}

/** Sends a request without following redirects. */
export type Probe = (url: string | URL, init?: RequestInit) => Promise<Answer>

/** The user agents that some content delivery networks turn away. */
const userAgent = 'python-httpx/0.28.1'

/** As Node.js and Bun say it, and as Deno does. */
const refused = /ECONNREFUSED|Connection refused/

/** Makes a probe that gives up after some seconds, as clients do. */
export function createProbe(timeout = 10): Probe {
  return async (url, init = {}) => {
    const started = performance.now()
    const elapsed = () => Math.round(performance.now() - started)
    const headers = new Headers(init.headers)
    if (!headers.has('user-agent')) headers.set('user-agent', userAgent)
    try {
      const signal = AbortSignal.timeout(timeout * 1000)
      const response = await fetch(url, { ...init, headers, redirect: 'manual', signal })
      // A stream that stays open is an answer too.
      const stream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
      if (stream) await response.body?.cancel()
      const text = stream ? '' : await response.text()
      return {
        url: String(url),
        status: response.status,
        headers: response.headers,
        text,
        json: parse(text),
        milliseconds: elapsed(),
      }
    } catch (error) {
      const failure = reason(error, timeout)
      return {
        url: String(url),
        status: 0,
        headers: new Headers(),
        text: '',
        json: undefined,
        milliseconds: elapsed(),
        failure,
      }
    }
  }
}

/** What came of a request, in words that follow its URL. */
export function outcome({ status, failure }: Answer): string {
  return failure === undefined ? `is answered ${status}` : `cannot be reached: ${failure}`
}

function parse(text: string): Answer['json'] {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

function reason(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeout} s`
  const { cause } = error
  const text =
    cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : error.message
  return refused.test(text) ? 'the connection is refused: nothing listens there' : text
}
