import { createHash } from 'node:crypto'

/** SHA-256 of a text, in base64url, on this thread: Web Crypto hands it to another, which costs twenty times the digest. */
export async function digestBase64url(text: string): Promise<string> {
  return createHash('sha256').update(text).digest('base64url')
}
