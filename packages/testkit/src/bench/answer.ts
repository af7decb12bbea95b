/** What came back from one request. */
export interface Answer {
  readonly method: string
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The beginning of the text on one line, without what is secret in it. */
  readonly excerpt: string
  /** The body when it is a JSON object, or the first event of a stream that carries one; empty otherwise. */
  readonly json: Readonly<Record<string, unknown>>
  /** Where a redirect leads. */
  readonly location: URL | undefined
}

/** Reads a response, of a stream only its first event. */
export async function readAnswer(request: Request, response: Response): Promise<Omit<Answer, 'excerpt'>> {
  const stream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  const text = stream ? await firstEvent(response) : await response.text()
  const url = new URL(request.url)
  const location = response.headers.get('location') ?? ''
  return {
    method: request.method,
    url,
    status: response.status,
    headers: response.headers,
    text,
    json: readObject(text),
    location: URL.canParse(location, url.href) && location !== '' ? new URL(location, url) : undefined,
  }
}

/** How an answer is told as evidence. */
export function tell({ method, url, status, headers, excerpt, location }: Answer): string {
  const challenge = headers.get('www-authenticate')
  const said = [
    location === undefined ? undefined : `Location: ${location.href}`,
    challenge === null ? undefined : `WWW-Authenticate: ${challenge}`,
    location === undefined && excerpt !== '' ? excerpt : undefined,
  ].filter((part) => part !== undefined)
  const head = `${method} ${url.pathname} → ${status}`
  return said.length === 0 ? head : `${head}, ${said.join(', ')}`
}

/** The beginning of a text, on one line. */
export function beginning(text: string, length = 160): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > length ? `${line.slice(0, length)}…` : line
}

/** Parses a JSON object; anything else is empty. */
function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : {}
  } catch {
    return {}
  }
}

async function firstEvent(response: Response): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const read = await reader?.read()
    if (read === undefined || read.done || text.length > 1_000_000) return text
    text += read.value
    // A stream may open with an event that carries nothing.
    const [, data] = /^data: ?(.+)\r?\n\r?\n/m.exec(text) ?? []
    if (data === undefined) continue
    await reader?.cancel()
    return data
  }
}
