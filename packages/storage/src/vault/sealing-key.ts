import { encodeBase64url } from '#base64url'

type Bytes = Uint8Array<ArrayBuffer>

/** One secret's key: the public name under which sealed texts refer to it, and AES-256-GCM under it. */
export interface SealingKey {
  readonly id: string
  /** The ciphertext with its tag. */
  encrypt(iv: Bytes, additionalData: Bytes, plaintext: Bytes): Promise<Bytes>
  /** Rejects when the ciphertext, its tag or the additional data were changed. */
  decrypt(iv: Bytes, additionalData: Bytes, ciphertext: Bytes): Promise<Bytes>
}

const encoder = new TextEncoder()
const salt = encoder.encode('gatewright/vault/v1')

/**
 * Derives a sealing key from a secret with HKDF-SHA-256. The name is derived from the same secret by another label,
 * so it is stable over restarts and says nothing about the key.
 *
 * @see [RFC 5869 §2.3 - Step 2: Expand](https://www.rfc-editor.org/rfc/rfc5869.html#section-2.3)
 */
export async function deriveSealingKey(secret: string): Promise<SealingKey> {
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, [
    'deriveBits',
    'deriveKey',
  ])
  const labelled = (label: string) => ({ name: 'HKDF', hash: 'SHA-256', salt, info: encoder.encode(label) })
  const [id, key] = await Promise.all([
    crypto.subtle.deriveBits(labelled('key id'), material, 64),
    crypto.subtle.deriveKey(labelled('seal'), material, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
  ])
  const gcm = (iv: Bytes, additionalData: Bytes) => ({ name: 'AES-GCM', iv, additionalData })
  return {
    id: encodeBase64url(new Uint8Array(id)),
    encrypt: async (iv, additionalData, plaintext) =>
      new Uint8Array(await crypto.subtle.encrypt(gcm(iv, additionalData), key, plaintext)),
    decrypt: async (iv, additionalData, ciphertext) =>
      new Uint8Array(await crypto.subtle.decrypt(gcm(iv, additionalData), key, ciphertext)),
  }
}
