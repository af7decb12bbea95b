// RFC 4648 §5: https://www.rfc-editor.org/rfc/rfc4648.html#section-5
import { describe, expect, test } from 'vitest'
import * as forNode from '../src/base64url.node.ts'
import * as portable from '../src/base64url.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe.each([
  ['on Node.js', forNode],
  ['elsewhere', portable],
])('%s', (_where, { decodeBase64url, encodeBase64url }) => {
  test.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('%j is encoded without padding as %j and decoded again', (text, encoded) => {
    expect(encodeBase64url(bytes(text))).toBe(encoded)
    expect(decodeBase64url(encoded)).toEqual(bytes(text))
  })

  test('every byte value survives, with the two characters that are safe in a URL', () => {
    const all = Uint8Array.from({ length: 256 }, (_, value) => value)
    expect(encodeBase64url(all)).toMatch(/^[\w-]+$/)
    expect(decodeBase64url(encodeBase64url(all))).toEqual(all)
    expect(encodeBase64url(Uint8Array.of(0xfb, 0xff))).toBe('-_8')
  })

  test.each([
    ['padding', 'Zg=='],
    ['the alphabet of plain base64', '+/8'],
    ['a space', 'Zm 9v'],
    ['a line break at the end', 'Zm9v\n'],
    ['a length that no bytes have', 'Zm9vY'],
    ['bits that are not zero behind the last byte', 'Zh'],
    ['a letter outside ASCII', 'Zm9é'],
  ])('%s is not decoded', (_, text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  })
})
