import * as crypto from 'node:crypto'

// The promises are those of digest.ts. Web Crypto hands each digest to another thread, which costs twenty times the digest.

/** SHA-256 of bytes, or of a text in UTF-8. */
export async function sha256(data: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(crypto.createHash('sha256').update(data).digest())
}

/** SHA-256 in base64url: how secrets are named at rest. */
export async function sha256Base64url(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  // The first is quicker by half, and not in every runtime that takes this file.
  return typeof crypto.hash === 'function'
    ? crypto.hash('sha256', data, 'base64url')
    : crypto.createHash('sha256').update(data).digest('base64url')
}

/** HMAC-SHA-256 under a key of any length but zero. */
export async function hmacSha256(
  key: string | Uint8Array<ArrayBuffer>,
  data: string | Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (key.length === 0) throw new TypeError('an HMAC needs a key')
  return new Uint8Array(crypto.createHmac('sha256', key).update(data).digest())
}
