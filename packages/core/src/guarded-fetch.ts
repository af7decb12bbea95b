import { pinnedFetch } from '#platform'
import { addressKind } from './address-kind.ts'
import { parseIpAddress } from './ip-address.ts'
import type { PinnedFetch } from './pinned-fetch.ts'
import { readAtMost } from './read-at-most.ts'
import { defaultRuntime } from './runtime.ts'
import { isLoopbackHostname } from './urls.ts'

/** How far a {@link guardedFetch} reaches, and how much it takes. */
export interface GuardedFetchOptions {
  /**
   * `public`: https servers on the internet. `loopback`: those, and this machine over https or http, for development. `any`: every
   * server over https or http, for URLs that the operator wrote down.
   *
   * @default 'public'
   */
  readonly reach?: 'public' | 'loopback' | 'any'
  /** Bytes of the decoded body. @default 65536 */
  readonly maximumBytes?: number
  /** Seconds until the whole body must have arrived. @default 5 */
  readonly timeout?: number
  /**
   * Sends the requests instead. It must reach no private address: behind it only the URL is checked. Needed where the runtime cannot
   * pin addresses, and where requests have to pass a proxy.
   */
  readonly fetch?: typeof fetch
}

/**
 * Makes a `fetch` for URLs that somebody else chose: it reaches no private address, follows no redirect, and gives up at a size and a
 * time.
 *
 * On Node.js the name is looked up once and the connection goes to an address that was checked. An answer with a redirect is an error
 * unless the request says `redirect: 'manual'`. The response is complete when it is returned, and its `url` is empty.
 *
 * @throws {TypeError} when an option is out of range, or the runtime cannot pin addresses and no `fetch` is given
 * @throws {Error} from the returned function, for whatever is refused or fails
 * @example
 * ```ts
 * const fetchDocument = guardedFetch({ maximumBytes: 5120 })
 * const response = await fetchDocument('https://client.example.com/metadata.json')
 * ```
 * @see [RFC 6890 §2.2 - Information Requirements](https://www.rfc-editor.org/rfc/rfc6890.html#section-2.2)
 */
export function guardedFetch(options: GuardedFetchOptions = {}): typeof fetch {
  const { reach = 'public', maximumBytes = 65_536, timeout = 5 } = options
  if (!['public', 'loopback', 'any'].includes(reach))
    throw new TypeError(`guardedFetch: reach must be public, loopback or any, got ${JSON.stringify(reach)}`)
  for (const [name, value] of Object.entries({ maximumBytes, timeout }))
    if (!(value > 0 && value <= 2 ** 31))
      throw new TypeError(`guardedFetch: ${name} must be a positive number`)
  const permits = (kind: ReturnType<typeof addressKind>) =>
    reach === 'any' || kind === 'public' || (kind === 'loopback' && reach === 'loopback')
  const send: PinnedFetch =
    options.fetch ??
    (reach === 'any' ? defaultRuntime.fetch : pinnedFetch((address) => permits(addressKind(address))))

  return async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    // Bun takes credentials in a URL, where others throw.
    const { username, password } = new URL(input instanceof Request ? input.url : input)
    if (username !== '' || password !== '')
      throw new TypeError(`${url.host} is refused: its URL has credentials`)
    if (reach !== 'any') checkUrl(url, reach, permits)
    // No AbortSignal.timeout: it goes on after the answer, and Deno lets no process end before it.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), timeout * 1000)
    const signal = AbortSignal.any([request.signal, late.signal])
    try {
      return await unlessAborted(signal, exchange(url, request, signal))
    } catch (error) {
      if (late.signal.aborted && !request.signal.aborted)
        throw new Error(`${url.host} did not answer within ${timeout} seconds`, { cause: error })
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  async function exchange(url: URL, request: Request, signal: AbortSignal): Promise<Response> {
    const { method } = request
    const body = method === 'GET' || method === 'HEAD' ? null : await request.arrayBuffer()
    const headers = new Headers(request.headers)
    // Some hosts refuse a request that does not say what sends it.
    if (!headers.has('user-agent')) headers.set('user-agent', 'Gatewright')
    const response = await send(url, { method, headers, body, redirect: 'manual', signal })
    const { status, statusText } = response
    // Before the body: Bun forgets the content type of a body that was taken.
    const received = new Headers(response.headers)
    const redirects = response.type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304)
    if (redirects && request.redirect !== 'manual') {
      await response.body?.cancel()
      throw new Error(`${url.host} answered with a redirect, which is not followed`)
    }
    const bytes = await readAtMost(response.body ?? [], maximumBytes)
    if (bytes === undefined) throw new Error(`${url.host} sent more than ${maximumBytes} bytes`)
    // Both speak of the body as it was sent.
    for (const name of ['content-encoding', 'content-length']) received.delete(name)
    return new Response(response.body === null ? null : bytes, { status, statusText, headers: received })
  }
}

/** What the URL alone tells; a fetch that the integrator gave has no other check. */
function checkUrl(
  { protocol, hostname, host }: URL,
  reach: 'public' | 'loopback',
  permits: (kind: ReturnType<typeof addressKind>) => boolean,
): void {
  const refuse = (why: string) => new Error(`${host} is refused: ${why}`)
  const here = isLoopbackHostname(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && here && reach === 'loopback'))
    throw refuse('only https is used')
  const address = parseIpAddress(hostname.replace(/^\[|\]$/g, ''))
  if (address !== undefined && !permits(addressKind(address))) throw refuse('it is no public address')
  if (address !== undefined || (here && reach === 'loopback')) return
  // RFC 6761 §6.3, RFC 6762 §3, RFC 8375 §3: these names, and names of one label, are of the local network.
  if (!hostname.includes('.') || /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/.test(hostname))
    throw refuse('it is no public name')
}

function unlessAborted<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  // A fetch that ignores its signal is bounded all the same.
  return new Promise((fulfil, reject) => {
    signal.addEventListener('abort', () =>
      reject(new Error('the request was aborted', { cause: signal.reason })),
    )
    work.then(fulfil, reject)
  })
}
