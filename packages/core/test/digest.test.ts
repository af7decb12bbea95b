import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '@gatewright/core'
import * as forNode from '../src/digest.node.ts'
import * as portable from '../src/digest.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe.each([
  ['on Node.js', forNode],
  ['elsewhere', portable],
])('%s', (_where, { hmacSha256, sha256, sha256Base64url }) => {
  test('SHA-256 of "abc" is the digest of the standard', async () => {
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(hex(await sha256('abc'))).toBe(digest)
    expect(hex(await sha256(new TextEncoder().encode('abc')))).toBe(digest)
    expect(await sha256Base64url('abc')).toBe(Buffer.from(digest, 'hex').toString('base64url'))
  })

  test('text is hashed as UTF-8', async () => {
    expect(await sha256('é')).toEqual(await sha256(Uint8Array.of(0xc3, 0xa9)))
  })

  test('RFC 7636 Appendix B: the code challenge is the digest of the verifier in base64url', async () => {
    expect(await sha256Base64url('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
  })

  test('RFC 4231 §4.3: HMAC-SHA-256 of "what do ya want for nothing?" under "Jefe"', async () => {
    expect(hex(await hmacSha256('Jefe', 'what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  test('a key may be bytes or text', async () => {
    const key = new TextEncoder().encode('Jefe')
    expect(encodeBase64url(await hmacSha256(key, 'data'))).toBe(
      encodeBase64url(await hmacSha256('Jefe', 'data')),
    )
  })

  test('an empty key is refused', async () => {
    await expect(hmacSha256('', 'data')).rejects.toThrow()
  })
})
