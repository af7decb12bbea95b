/** Prints what happens as numbered steps with the HTTP exchanges below them. */
export interface Transcript {
  readonly step: (title: string) => void
  readonly say: (line: string) => void
  /** A `fetch` that prints each exchange, without the secrets in it. */
  readonly fetch: typeof fetch
}

/** Starts a transcript that prints with `print`. */
export function createTranscript(print: (line: string) => void): Transcript {
  let steps = 0
  const say = (line: string) => print(`     ${line}`)
  return {
    say,
    step: (title) => print(`\n${String(++steps).padStart(2)}.  ${title}`),
    async fetch(input, init) {
      const url = new URL(input instanceof Request ? input.url : input)
      const response = await fetch(input, init)
      const sent = describeBody(init?.body)
      say(
        `${(init?.method ?? 'GET').padEnd(4)} ${url.pathname}${sent === '' ? '' : `  ${sent}`}  →  ${response.status}`,
      )
      const challenge = response.headers.get('www-authenticate')
      if (challenge !== null) say(`     ${challenge}`)
      return response
    },
  }
}

const interesting = ['grant_type', 'resource', 'scope', 'client_name', 'redirect_uris', 'method']

function describeBody(body: unknown): string {
  if (body instanceof URLSearchParams) return describe(Object.fromEntries(body))
  if (typeof body !== 'string') return ''
  try {
    const json = JSON.parse(body) as Record<string, unknown> & { params?: { name?: string } }
    const name = json.params?.name
    return describe(json) + (typeof name === 'string' ? ` ${name}` : '')
  } catch {
    return describe(Object.fromEntries(new URLSearchParams(body)))
  }
}

function describe(fields: Readonly<Record<string, unknown>>): string {
  return interesting
    .filter((name) => typeof fields[name] === 'string' || Array.isArray(fields[name]))
    .map((name) => (name === 'method' ? String(fields[name]) : `${name}=${String(fields[name])}`))
    .join('  ')
}
