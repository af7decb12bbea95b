import { expect, it } from 'vitest'
import type { Json } from '../../src/json.ts'
import { createPacker } from '../../src/memory/packer.ts'
import { createShapes } from '../../src/memory/shapes.ts'
import { createSharedTexts } from '../../src/memory/shared-texts.ts'
import { tag } from '../../src/memory/tag.ts'
import { createUnpacker } from '../../src/memory/unpack.ts'

function codec() {
  const [shared, shapes] = [createSharedTexts(), createShapes()]
  return { packer: createPacker(shared, shapes), unpacker: createUnpacker(shared, shapes), shared }
}

const digest = 'ZkqydU8ag6JWrzEYqohZGNLUAadebA93wL25OWrkPzg'
const id = 'N97ki5R1W8Bw69NDVBuGGg'
const hostile = [
  digest,
  id,
  // The same length, but no text that bytes are written as.
  `${digest.slice(0, 42)}h`,
  `${id.slice(0, 21)}h`,
  `${id.slice(0, 21)}+`,
  `${id.slice(0, 21)}ä`,
  `${id.slice(0, 21)}日`,
  `tenant:g:${id}`,
  `日:${digest}`,
  `:${id}`,
  `${digest}:${id}`,
  `a:${id.slice(0, 21)}h`,
  'ÿ',
  'Ā',
  'x'.repeat(255),
  'x'.repeat(256),
  'x'.repeat(70_000),
  '日'.repeat(300),
]

it('gives texts back and knows the key that it wrote from any other, the first time and when they are shared', () => {
  const { packer, unpacker } = codec()
  for (let round = 0; round < 4; round++)
    for (const text of hostile) {
      const key = { partition: text, collection: text.slice(0, 3), id: text }
      packer.pack(round, key, { text, list: [text] })
      packer.keep()
      expect(unpacker.keyAt(packer.bytes, 0)).toEqual(key)
      expect(unpacker.revisionAt(packer.bytes, 0)).toBe(round)
      expect(unpacker.valueAt(packer.bytes, 0)).toEqual({ text, list: [text] })
      const same = hostile.filter((other) =>
        unpacker.isOf(packer.bytes, 0, { ...key, partition: other, id: other }),
      )
      expect(same).toEqual([text])
      for (const other of [`${text}x`, text.slice(1), `x${text}`, text.slice(0, -1)])
        expect(unpacker.isOf(packer.bytes, 0, { ...key, id: other })).toBe(false)
      packer.empty()
    }
})

it('gives numbers of every size back', () => {
  const { packer, unpacker } = codec()
  const powers = Array.from({ length: 53 }, (_, bit) => 2 ** bit)
  const numbers = [0, 222, 223, 224, 0.5, -1, 1e300, 5e-324, Number.MAX_SAFE_INTEGER].concat(
    powers.flatMap((power) => [power - 1, power, power + 1, -power, power + 0.5]),
  )
  const key = { partition: 'p', collection: 'c', id: 'i' }
  packer.pack(Number.MAX_SAFE_INTEGER, key, numbers)
  expect(unpacker.valueAt(packer.bytes, 0)).toEqual(numbers.map((number) => number + 0))
  expect(unpacker.revisionAt(packer.bytes, 0)).toBe(Number.MAX_SAFE_INTEGER)
})

it('gives objects back of more kinds than it keeps the names of, and of any depth', () => {
  const { packer, unpacker } = codec()
  let deep: Json = 'bottom'
  for (let level = 0; level < 500; level++) deep = { value: deep }
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`m${index}`, index]))
  const kinds = Array.from({ length: 200 }, (_, index) => ({ [`n${index}`]: index, ['y'.repeat(100)]: [] }))
  const value = { deep, many, kinds, date: new Date(0), dropped: undefined }
  packer.pack(1, { partition: 'p', collection: 'c', id: 'i' }, value)
  expect(JSON.stringify(unpacker.valueAt(packer.bytes, 0))).toBe(JSON.stringify(value))
})

it('forgets the texts of records that are released, and of those that were never kept', () => {
  const { packer, unpacker, shared } = codec()
  const key = { partition: 'p', collection: 'things', id: 'i' }
  const value = { subject: 'somebody', resources: ['https://api.example.com'] }
  const pack = () => packer.pack(1, key, value)
  for (let count = 0; count < 3; count++) pack()
  packer.empty()
  expect(Array.from({ length: 5 }, (_, number) => shared.textOf(number)).join('')).toBe('')
  for (let count = 0; count < 3; count++) pack()
  packer.keep()
  const { length } = packer
  pack()
  const [first, second] = [packer.bytes.slice(0, length), packer.bytes.slice(length, packer.length)]
  packer.keep()
  expect(Array.from({ length: 5 }, (_, number) => shared.textOf(number))).toContain('somebody')
  for (let place = 0; place < length; place += second.length) unpacker.release(first, place)
  unpacker.release(second, 0)
  expect(Array.from({ length: 5 }, (_, number) => shared.textOf(number)).join('')).toBe('')
})

it('ends the uses of a record of any depth, for which a call for each level would have no stack', () => {
  const { packer, unpacker, shared } = codec()
  const pack = () => packer.pack(1, { partition: 'p', collection: 'c', id: 'i' }, ['a text of two'])
  pack()
  const once = packer.length
  pack()
  const record = packer.bytes.slice(once, packer.length)
  packer.keep()
  const head = record.lastIndexOf(tag.array)
  const levels = Array.from({ length: 200_000 }, () => [tag.array, 1, 0, 0, 0]).flat()
  const deep = Uint8Array.from([...record.subarray(0, head), ...levels, ...record.subarray(head)])
  expect(shared.textOf(0)).toBe('a text of two')
  unpacker.release(deep, 0)
  expect(shared.textOf(0)).toBe('')
})
