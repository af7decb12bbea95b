import { Buffer } from 'node:buffer'
import * as crypto from 'node:crypto'
import { encodeBase64url } from '../base64url.node.ts'
import { idLength, inputOf, nonceLength } from './sealing-key-input.ts'
import type { SealingKey } from './sealing-key.ts'

const algorithm = 'aes-256-gcm'
const tagLength = 16

function digest(text: string): Buffer {
  // The first is quicker, twice as quick as when it gives bytes, and not in every runtime that takes this file.
  return typeof crypto.hash === 'function'
    ? Buffer.from(crypto.hash('sha256', text, 'base64url'), 'base64url')
    : crypto.createHash('sha256').update(text).digest()
}

/** What sealing-key.ts does, on this thread: a seal of a kilobyte takes less time than to hand it to another. */
export async function deriveSealingKey(secret: string): Promise<SealingKey> {
  // Bytes in its place are examined at each use, which takes twice as long as a seal.
  const key = crypto.createSecretKey(digest(inputOf(secret, 'seal')))
  return {
    id: encodeBase64url(digest(inputOf(secret, 'key id')).subarray(0, idLength)),
    async encrypt(nonce, additionalData, plaintext) {
      const cipher = crypto
        .createCipheriv(algorithm, key, nonce, { authTagLength: tagLength })
        .setAAD(Buffer.from(additionalData))
      const ciphertext = cipher.update(plaintext, 'utf8')
      cipher.final()
      return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()])
    },
    async decrypt(sealed, additionalData) {
      const end = sealed.length - tagLength
      if (end < nonceLength) throw new RangeError('the ciphertext has no tag')
      const decipher = crypto
        .createDecipheriv(algorithm, key, sealed.subarray(0, nonceLength), { authTagLength: tagLength })
        .setAAD(Buffer.from(additionalData))
        .setAuthTag(sealed.subarray(end))
      const plaintext = new Uint8Array(decipher.update(sealed.subarray(nonceLength, end)))
      // Only this says whether the tag is right.
      decipher.final()
      return plaintext
    },
  }
}
