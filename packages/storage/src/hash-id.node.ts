import { createHash } from 'node:crypto'

/** What hash-id.ts does, on this thread: Web Crypto hands it to another, which costs twenty times the digest. */
export async function hashId(text: string): Promise<string> {
  return createHash('sha256').update(text).digest('base64url')
}
