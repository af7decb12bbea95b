import type { RequestContext } from '@gatewright/core'
import type { Answer } from './answer.ts'

/** What a handler saw of a request. */
export interface Echo {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly context: RequestContext
}

/** Answers with what it sees. */
export async function echo(request: Request, context: RequestContext): Promise<Response> {
  const { method, url, headers } = request
  return Response.json({
    method,
    url,
    headers: Object.fromEntries(headers),
    body: await request.text(),
    context,
  })
}

/** Reads the answer of {@link echo}, also from the bytes of a raw exchange. */
export function echoed(answer: Answer | string): Echo {
  const text = typeof answer === 'string' ? answer : answer.text
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as Echo
}
