// RFC 8259 §4: https://www.rfc-editor.org/rfc/rfc8259.html#section-4
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStrictJson } from '../../src/clients/metadata-document/parse-strict-json.ts'

const parse = (text: string) => parseStrictJson(new TextEncoder().encode(text))

describe('parseStrictJson', () => {
  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it.each([
    '{"a":1,"a":1}',
    '{"a":{"b":[{"c":1,"d":2,"c":3}]}}',
    '{"a":1,"\\u0061":2}',
    '{"x":"\\"","a":",","a":"{"}',
    '{"":1,"":2}',
  ])('refuses a name that is there twice: %s', (text) => expect(() => parse(text)).toThrow('twice'))

  it.each(['{"a":"a","b":"a"}', '{"a":["a","a"],"b":{"a":1}}', '[{"a":1},{"a":2}]', '{"a":"{\\"a\\":1,"}'])(
    'is not misled by values: %s',
    (text) => expect(parse(text)).toEqual(JSON.parse(text)),
  )

  it('refuses what is nested so deeply that to walk it takes the stack', () => {
    expect(() => parse('['.repeat(101) + ']'.repeat(101))).toThrow('nested too deeply')
  })

  it('refuses a byte order mark, and bytes that are no UTF-8', () => {
    expect(() => parse('\uFEFF{}')).toThrow()
    expect(() => parseStrictJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow()
  })
})
