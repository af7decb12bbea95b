import { Buffer } from 'node:buffer'
import { textOf } from './text-of.ts'

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
  const bytes = decode(text)
  // A copy, because a buffer of Node's is a view of memory that others use as well.
  return bytes && new Uint8Array(bytes)
}

/** What base64url.ts does. */
export function decodeTextBase64url(text: string): string | undefined {
  const bytes = decode(text)
  return bytes && textOf(bytes)
}

function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
