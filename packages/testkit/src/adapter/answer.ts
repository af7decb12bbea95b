import type { Incoming } from './exchange.ts'

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Incoming['headers']
  readonly bytes: Buffer
  readonly text: string
}

/** Reads an answer to its end. */
export async function readAnswer({ status, headers, body }: Incoming): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  return { status, headers, bytes, text: bytes.toString() }
}
