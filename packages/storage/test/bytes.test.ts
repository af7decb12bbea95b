import { expect, it } from 'vitest'
import * as node from '../src/bytes.node.ts'
import * as portable from '../src/bytes.ts'

it.each(Object.entries({ node, portable }))(
  '%s reads bytes as text',
  (_, { createBytes, digestText, narrowText }) => {
    const bytes = createBytes(20_000)
    for (let index = 0; index < bytes.length; index++) bytes[index] = index % 256
    const text = narrowText(bytes, 3, 19_000)
    expect(text.length).toBe(18_997)
    const codes = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
    expect(codes.every((code, index) => code === (index + 3) % 256)).toBe(true)
    expect(digestText(bytes, 250, 266)).toBe(Buffer.from(bytes.subarray(250, 266)).toString('base64url'))
  },
)

it.each(Object.entries({ node, portable }))(
  '%s writes a text as the bytes that it reads it from',
  (_, { createBytes, narrowText, writeNarrow }) => {
    const text = String.fromCharCode(...Array.from({ length: 256 }, (__, code) => code))
    const bytes = createBytes(260)
    writeNarrow(text, bytes, 2)
    expect(narrowText(bytes, 2, 258)).toBe(text)
    expect([bytes[0], bytes[1], bytes[258], bytes[259]]).toEqual([0, 0, 0, 0])
  },
)
