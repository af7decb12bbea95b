import { verifyInstant, verifyKeyPart, verifyKeys, verifyLimit, verifyOperations } from '@gatewright/storage'
import type { Key } from '@gatewright/storage'
import { expect, it } from 'vitest'

const key: Key = { partition: 'p', collection: 'c', id: 'i' }

it('drivers get the same verdict on keys, operations, instants and limits', () => {
  expect(() => verifyKeys([key])).not.toThrow()
  expect(() => verifyKeys([{ ...key, id: 'a\0' }])).toThrow(TypeError)
  expect(() => verifyKeys(undefined as unknown as Key[])).toThrow(TypeError)
  expect(() => verifyKeyPart('after', 'x'.repeat(800))).not.toThrow()
  expect(() => verifyKeyPart('after', 'x'.repeat(801))).toThrow(TypeError)
  expect(() => verifyOperations([{ type: 'delete', key }])).not.toThrow()
  expect(() =>
    verifyOperations([
      { type: 'delete', key },
      { type: 'delete', key },
    ]),
  ).toThrow(TypeError)
  expect(() => verifyInstant('now', 0)).not.toThrow()
  expect(() => verifyInstant('now', 0.5)).toThrow('now')
  expect(() => verifyLimit(1)).not.toThrow()
  expect(() => verifyLimit(0)).toThrow(TypeError)
})
