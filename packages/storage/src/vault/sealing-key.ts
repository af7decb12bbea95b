import { encodeBase64url } from '../base64url.ts'
import { idLength, inputOf, nonceLength } from './sealing-key-input.ts'

type Bytes = Uint8Array<ArrayBuffer>
const encoder = new TextEncoder()

/** One secret's key: the public name under which sealed texts refer to it, and AES-256-GCM under it. */
export interface SealingKey {
  readonly id: string
  /** The nonce, the ciphertext of a text in UTF-8, and its tag. */
  encrypt(nonce: Bytes, additionalData: string, plaintext: string): Promise<Bytes>
  /** The bytes of that text. Rejects when what `encrypt` gave, or the additional data, were changed. */
  decrypt(sealed: Bytes, additionalData: string): Promise<Bytes>
}

/**
 * Derives a sealing key from a secret. Its name is derived from the same secret by another label, so it is stable over restarts and
 * says nothing about the key.
 */
export async function deriveSealingKey(secret: string): Promise<SealingKey> {
  const derive = (label: string) => crypto.subtle.digest('SHA-256', encoder.encode(inputOf(secret, label)))
  const [id, bytes] = await Promise.all([derive('key id'), derive('seal')])
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const gcm = (iv: Bytes, bound: string) => ({ name: 'AES-GCM', iv, additionalData: encoder.encode(bound) })
  return {
    id: encodeBase64url(new Uint8Array(id, 0, idLength)),
    async encrypt(nonce, bound, plaintext) {
      const ciphertext = await crypto.subtle.encrypt(gcm(nonce, bound), key, encoder.encode(plaintext))
      const sealed = new Uint8Array(nonceLength + ciphertext.byteLength)
      sealed.set(nonce)
      sealed.set(new Uint8Array(ciphertext), nonceLength)
      return sealed
    },
    async decrypt(sealed, bound) {
      const [nonce, ciphertext] = [sealed.subarray(0, nonceLength), sealed.subarray(nonceLength)]
      return new Uint8Array(await crypto.subtle.decrypt(gcm(nonce, bound), key, ciphertext))
    },
  }
}
