import { createHash, createHmac } from 'node:crypto'

// The promises are those of digest.ts. Web Crypto hands each digest to another thread, which costs twenty times the digest.

/** SHA-256 of bytes, or of a text in UTF-8. */
export async function sha256(data: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(createHash('sha256').update(data).digest())
}

/** SHA-256 in base64url: how secrets are named at rest. */
export async function sha256Base64url(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  return createHash('sha256').update(data).digest('base64url')
}

/** HMAC-SHA-256 under a key of any length but zero. */
export async function hmacSha256(
  key: string | Uint8Array<ArrayBuffer>,
  data: string | Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (key.length === 0) throw new TypeError('an HMAC needs a key')
  return new Uint8Array(createHmac('sha256', key).update(data).digest())
}
