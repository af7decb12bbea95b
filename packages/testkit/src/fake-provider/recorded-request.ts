/** A request that the fake provider got. */
export interface RecordedRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  /** The form of a POST. */
  readonly form: URLSearchParams
}

/** Notes what a request was, and leaves the request unread. */
export async function recordRequest(request: Request): Promise<RecordedRequest> {
  const { method, url, headers } = request
  const form = new URLSearchParams(method === 'POST' ? await request.clone().text() : '')
  return { method, url: new URL(url), headers, form }
}
