import { encodeBase64url } from './base64url.ts'

const encoder = new TextEncoder()
const toBytes = (data: string | Uint8Array<ArrayBuffer>) =>
  typeof data === 'string' ? encoder.encode(data) : data

/** SHA-256 of bytes, or of a text in UTF-8. */
export async function sha256(data: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', toBytes(data)))
}

/** SHA-256 in base64url: how secrets are named at rest. */
export async function sha256Base64url(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  return encodeBase64url(await sha256(data))
}

/** HMAC-SHA-256 under a key of any length but zero. */
export async function hmacSha256(
  key: string | Uint8Array<ArrayBuffer>,
  data: string | Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey(
    'raw',
    toBytes(key),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, toBytes(data)))
}
