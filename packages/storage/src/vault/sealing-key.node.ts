import * as crypto from 'node:crypto'
import { encodeBase64url } from '../base64url.node.ts'
import { idLength, inputOf } from './sealing-key-input.ts'
import type { SealingKey } from './sealing-key.ts'

const algorithm = 'aes-256-gcm'
const tagLength = 16

function digest(text: string): Buffer {
  // The first is quicker, and not in every runtime that takes this file.
  return typeof crypto.hash === 'function'
    ? crypto.hash('sha256', text, 'buffer')
    : crypto.createHash('sha256').update(text).digest()
}

/** What sealing-key.ts does, on this thread: a seal of a kilobyte takes less time than to hand it to another. */
export async function deriveSealingKey(secret: string): Promise<SealingKey> {
  // Bytes in its place are examined at each use, which takes twice as long as a seal.
  const key = crypto.createSecretKey(digest(inputOf(secret, 'seal')))
  return {
    id: encodeBase64url(digest(inputOf(secret, 'key id')).subarray(0, idLength)),
    async encrypt(iv, additionalData, plaintext) {
      const cipher = crypto
        .createCipheriv(algorithm, key, iv, { authTagLength: tagLength })
        .setAAD(additionalData)
      const sealed = new Uint8Array(plaintext.length + tagLength)
      sealed.set(cipher.update(plaintext))
      cipher.final()
      sealed.set(cipher.getAuthTag(), plaintext.length)
      return sealed
    },
    async decrypt(iv, additionalData, ciphertext) {
      const length = ciphertext.length - tagLength
      if (length < 0) throw new RangeError('the ciphertext has no tag')
      const decipher = crypto
        .createDecipheriv(algorithm, key, iv, { authTagLength: tagLength })
        .setAAD(additionalData)
        .setAuthTag(ciphertext.subarray(length))
      const plaintext = new Uint8Array(decipher.update(ciphertext.subarray(0, length)))
      // Only this says whether the tag is right.
      decipher.final()
      return plaintext
    },
  }
}
