/** The bounds of one fetch. */
export interface FetchLimits {
  /** Bytes of the decoded body. */
  readonly bytes: number
  /** Seconds until the whole body must have arrived. */
  readonly timeout: number
}

/**
 * Fetches a JSON document without following redirects, within a size and a time.
 *
 * @throws {Error} when the answer is not a 200 with JSON inside the limits
 */
export async function fetchJson(fetcher: typeof fetch, url: string, limits: FetchLimits): Promise<unknown> {
  const abort = new AbortController()
  const timedOut = new Promise<never>((_, reject) => {
    abort.signal.addEventListener('abort', () => reject(new Error(`${url} did not answer in time`)))
  })
  timedOut.catch(() => {})
  const timer = setTimeout(() => abort.abort(), limits.timeout * 1000)
  try {
    // An injected fetch may ignore the signal; the race bounds it all the same.
    return await Promise.race([request(fetcher, url, limits.bytes, abort.signal), timedOut])
  } finally {
    clearTimeout(timer)
  }
}

async function request(
  fetcher: typeof fetch,
  url: string,
  limit: number,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetcher(url, { headers: { accept: 'application/json' }, redirect: 'manual', signal })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url} answered ${response.status}`)
  }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let size = 0
  // Content-Length speaks of the compressed form, so only what really arrives is counted.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > limit) throw new Error(`${url} is larger than ${limit} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return JSON.parse(text + decoder.decode())
}
