import { expect, it } from 'vitest'
import * as forNode from '../../src/vault/sealing-key.node.ts'
import * as portable from '../../src/vault/sealing-key.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const nonce = bytes('twelve bytes')
const secret = 'correct-horse-battery-staple-0001'

it.each([
  ['Node.js', forNode, portable],
  ['any other runtime', portable, forNode],
])('what %s seals, the other opens, and only unchanged', async (_where, sealing, opening) => {
  const [key, other] = [await sealing.deriveSealingKey(secret), await opening.deriveSealingKey(secret)]
  expect(other.id).toBe(key.id)
  for (const plaintext of ['', 'x', 'ä'.repeat(5000)]) {
    const sealed = new Uint8Array(await key.encrypt(nonce, 'row ä', plaintext))
    expect(sealed.subarray(0, 12)).toEqual(nonce)
    expect(sealed).toHaveLength(12 + bytes(plaintext).length + 16)
    expect(await other.decrypt(sealed, 'row ä')).toEqual(bytes(plaintext))
    for (const opener of [key, other]) {
      await expect(opener.decrypt(sealed, 'row b')).rejects.toThrow()
      for (const length of [sealed.length - 1, 27, 12, 11, 0])
        await expect(opener.decrypt(sealed.slice(0, length), 'row ä')).rejects.toThrow()
      for (const at of [0, 12, sealed.length - 1]) {
        const changed = sealed.slice()
        changed[at] = (changed[at] ?? 0) ^ 1
        await expect(opener.decrypt(changed, 'row ä')).rejects.toThrow()
      }
    }
  }
})
