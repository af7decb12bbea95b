import { expect, it } from 'vitest'
import * as forNode from '../../src/vault/sealing-key.node.ts'
import * as portable from '../../src/vault/sealing-key.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const iv = bytes('twelve bytes')
const secret = 'correct-horse-battery-staple-0001'

it.each([
  ['Node.js', forNode, portable],
  ['any other runtime', portable, forNode],
])('what %s seals, the other opens, and only unchanged', async (_where, sealing, opening) => {
  const [key, other] = [await sealing.deriveSealingKey(secret), await opening.deriveSealingKey(secret)]
  expect(other.id).toBe(key.id)
  for (const plaintext of [bytes(''), bytes('x'), bytes('ä'.repeat(5000))]) {
    const sealed = await key.encrypt(iv, bytes('row 1'), plaintext)
    expect(sealed.length).toBe(plaintext.length + 16)
    expect(await other.decrypt(iv, bytes('row 1'), sealed)).toEqual(plaintext)
    for (const opener of [key, other]) {
      await expect(opener.decrypt(iv, bytes('row 2'), sealed)).rejects.toThrow()
      await expect(opener.decrypt(iv, bytes('row 1'), sealed.slice(0, -1))).rejects.toThrow()
      await expect(opener.decrypt(iv, bytes('row 1'), sealed.slice(0, 15))).rejects.toThrow()
      for (const at of [0, sealed.length - 1]) {
        const changed = sealed.slice()
        changed[at] = (changed[at] ?? 0) ^ 1
        await expect(opener.decrypt(iv, bytes('row 1'), changed)).rejects.toThrow()
      }
    }
  }
})
