import type { IncomingMessage, ServerResponse } from 'node:http'

/** What the app behind a handler answers: `app`, the method, and the body or else the URL. */
export async function appAnswer(
  request: IncomingMessage & { originalUrl?: string },
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString()
  response.end(`app ${request.method} ${body || (request.originalUrl ?? request.url)}`)
}
