import { Buffer } from 'node:buffer'

/** What base64url.ts does, with Node's own encoder: a twentieth of the time for a token. */
export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/** The base64url of a text in UTF-8. */
export function encodeTextBase64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

/** What base64url.ts does; Node's decoder skips what is not base64url, so the spelling is compared afterwards. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'))
  return encodeBase64url(bytes) === text ? bytes : undefined
}
