import { createCipheriv, createDecipheriv, createHash, createSecretKey } from 'node:crypto'
import { encodeBase64url } from '../base64url.node.ts'
import { idLength, inputOf } from './sealing-key-input.ts'
import type { SealingKey } from './sealing-key.ts'

const algorithm = 'aes-256-gcm'
const tagLength = 16

/** What sealing-key.ts does, on this thread: a seal of a kilobyte takes less time than to hand it to another. */
export async function deriveSealingKey(secret: string): Promise<SealingKey> {
  const derive = (label: string) => createHash('sha256').update(inputOf(secret, label)).digest()
  // Bytes in its place are examined at each use, which takes twice as long as a seal.
  const key = createSecretKey(derive('seal'))
  return {
    id: encodeBase64url(derive('key id').subarray(0, idLength)),
    async encrypt(iv, additionalData, plaintext) {
      const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagLength }).setAAD(additionalData)
      const sealed = new Uint8Array(plaintext.length + tagLength)
      sealed.set(cipher.update(plaintext))
      cipher.final()
      sealed.set(cipher.getAuthTag(), plaintext.length)
      return sealed
    },
    async decrypt(iv, additionalData, ciphertext) {
      const length = ciphertext.length - tagLength
      if (length < 0) throw new RangeError('the ciphertext has no tag')
      const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagLength })
        .setAAD(additionalData)
        .setAuthTag(ciphertext.subarray(length))
      const plaintext = new Uint8Array(decipher.update(ciphertext.subarray(0, length)))
      // Only this says whether the tag is right.
      decipher.final()
      return plaintext
    },
  }
}
