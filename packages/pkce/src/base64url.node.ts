import { Buffer } from 'node:buffer'

/** What base64url.ts does, by Node's own encoder. */
export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
