import { base64url } from './base64url.ts'

/** SHA-256 of a text, in base64url. The file for Node.js stands beside this one. */
export async function digestBase64url(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
