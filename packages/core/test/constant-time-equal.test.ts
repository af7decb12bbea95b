import { expect, test } from 'vitest'
import { constantTimeEqual } from '@gatewright/core'

test('equal texts are equal', () => {
  expect(constantTimeEqual('abc', 'abc')).toBe(true)
  expect(constantTimeEqual('', '')).toBe(true)
})

test.each([
  ['abc', 'abd'],
  ['abc', 'bbc'],
  ['abc', 'ab'],
  ['', 'a'],
  ['a', 'A'],
  ['a', 'á'],
  // The same low byte: a comparison of bytes instead of characters would miss it.
  ['a', 'š'],
])('%j and %j are not', (left, right) => {
  expect(constantTimeEqual(left, right)).toBe(false)
  expect(constantTimeEqual(right, left)).toBe(false)
})
