import { describe, expect, it } from 'vitest'
import * as forNode from '../src/base64url.node.ts'
import * as portable from '../src/base64url.ts'

describe.each([
  ['on Node.js', forNode],
  ['elsewhere', portable],
])('base64url %s', (_where, { decodeBase64url, encodeBase64url }) => {
  it('is that of the RFC, without padding, and comes back', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length * 101) % 256)
      const text = Buffer.from(bytes).toString('base64url')
      expect(encodeBase64url(bytes)).toBe(text)
      expect(encodeBase64url(Uint8Array.of(0, ...bytes, 0).subarray(1, -1))).toBe(text)
      expect(decodeBase64url(text)).toEqual(bytes)
    }
  })

  it.each(['a', 'ab=', 'a+b_', 'a/b', 'a b', 'abcde', 'ä'])('refuses %s', (text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  })
})
