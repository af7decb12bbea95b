import type { Page } from '../registry/list-page.ts'

/** From so many characters on it is cheaper to send bytes that are there than a text, which is encoded for each answer. */
const worthBytes = 8192
const encoder = new TextEncoder()

/** Answers with the page of a list between what is before and after it. A long page is not copied: its bytes are sent as they are. */
export function listAnswer(before: string, page: Page, after: string): Response {
  const headers = { 'content-type': 'application/json' }
  if (page.length < worthBytes) return new Response(before + page.json() + after, { headers })
  const parts = [encoder.encode(before), ...page.pieces(), encoder.encode(after)]
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
  return new Response(body, { headers: { ...headers, 'content-length': String(length) } })
}
