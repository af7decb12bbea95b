// RFC 7636 §4.1: https://www.rfc-editor.org/rfc/rfc7636.html#section-4.1
import { createCodeVerifier, isCodeVerifier } from '@gatewright/pkce'
import { describe, expect, it } from 'vitest'

describe('creating a code verifier', () => {
  it('gives 43 characters that a server accepts, each time others', () => {
    const verifiers = Array.from({ length: 200 }, () => createCodeVerifier())
    for (const verifier of verifiers) {
      expect(verifier).toHaveLength(43)
      expect(isCodeVerifier(verifier)).toBe(true)
    }
    expect(new Set(verifiers).size).toBe(200)
  })

  it('encodes 32 bytes of the given source as base64url', () => {
    // The octets of RFC 7636 Appendix B.
    const octets = [
      116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214,
      191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
    ]
    const sizes: number[] = []
    const verifier = createCodeVerifier((size) => {
      sizes.push(size)
      return Uint8Array.from(octets)
    })
    expect(verifier).toBe('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
    expect(sizes).toEqual([32])
    expect(createCodeVerifier((size) => new Uint8Array(size).fill(255))).toBe(`${'_'.repeat(42)}8`)
    expect(createCodeVerifier((size) => new Uint8Array(size).fill(251))).toBe(`${'-_v7'.repeat(10)}-_s`)
  })

  it('refuses a source that returns fewer bytes, since the verifier could be guessed', () => {
    expect(() => createCodeVerifier(() => new Uint8Array(0))).toThrow(
      new TypeError('randomBytes must return as many bytes as asked for'),
    )
    expect(() => createCodeVerifier(() => new Uint8Array(31))).toThrow(TypeError)
    expect(() => createCodeVerifier(() => new Uint8Array(33))).toThrow(TypeError)
  })
})

describe('the form of a code verifier', () => {
  it('is 43 to 128 unreserved characters', () => {
    const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'
    expect(isCodeVerifier(unreserved)).toBe(true)
    expect(isCodeVerifier('a'.repeat(43))).toBe(true)
    expect(isCodeVerifier('a'.repeat(128))).toBe(true)
  })

  it('PK-10 has neither 42 nor 129 characters', () => {
    for (const length of [0, 1, 42, 129, 100_000])
      expect(isCodeVerifier('a'.repeat(length)), `${length}`).toBe(false)
  })

  it('PK-10 has no character outside the unreserved ones', () => {
    for (const character of ['+', '/', '=', ' ', '%', '\u00e9', '\uff41', '\n', '\0'])
      for (const verifier of [
        character + 'a'.repeat(43),
        'a'.repeat(43) + character,
        'a'.repeat(21) + character + 'a'.repeat(21),
      ])
        expect(isCodeVerifier(verifier), JSON.stringify(verifier)).toBe(false)
  })
})
