import { encodeBase64url } from '../base64url.ts'
import { idLength, inputOf } from './sealing-key-input.ts'

type Bytes = Uint8Array<ArrayBuffer>
const encoder = new TextEncoder()

/** One secret's key: the public name under which sealed texts refer to it, and AES-256-GCM under it. */
export interface SealingKey {
  readonly id: string
  /** The ciphertext with its tag. */
  encrypt(iv: Bytes, additionalData: Bytes, plaintext: Bytes): Promise<Bytes>
  /** Rejects when the ciphertext, its tag or the additional data were changed. */
  decrypt(iv: Bytes, additionalData: Bytes, ciphertext: Bytes): Promise<Bytes>
}

/**
 * Derives a sealing key from a secret. Its name is derived from the same secret by another label, so it is stable over restarts and
 * says nothing about the key.
 */
export async function deriveSealingKey(secret: string): Promise<SealingKey> {
  const derive = (label: string) => crypto.subtle.digest('SHA-256', encoder.encode(inputOf(secret, label)))
  const [id, bytes] = await Promise.all([derive('key id'), derive('seal')])
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const gcm = (iv: Bytes, additionalData: Bytes) => ({ name: 'AES-GCM', iv, additionalData })
  return {
    id: encodeBase64url(new Uint8Array(id, 0, idLength)),
    encrypt: async (iv, additionalData, plaintext) =>
      new Uint8Array(await crypto.subtle.encrypt(gcm(iv, additionalData), key, plaintext)),
    decrypt: async (iv, additionalData, ciphertext) =>
      new Uint8Array(await crypto.subtle.decrypt(gcm(iv, additionalData), key, ciphertext)),
  }
}
