import { encodeBase64url } from './base64url.ts'

const encoder = new TextEncoder()

/**
 * Returns the SHA-256 of a text as 43 base64url characters: an id of fixed size and alphabet for something that
 * somebody else chose, from which a leaked table does not give the original back.
 */
export async function hashId(text: string): Promise<string> {
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text))))
}
