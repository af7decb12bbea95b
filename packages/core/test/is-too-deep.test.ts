import { expect, test } from 'vitest'
import { isTooDeep } from '@gatewright/core'

const nested = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels)

test.each([
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
])('a hundred levels of %s are not too deep, one more is', (_of, open, close) => {
  expect(isTooDeep(nested(100, open, close))).toBe(false)
  expect(isTooDeep(nested(101, open, close))).toBe(true)
})

test('what is closed does not count, and texts do not', () => {
  expect(isTooDeep(`[${'[{}],'.repeat(1000)}1]`)).toBe(false)
  expect(isTooDeep(JSON.stringify({ '[': '{['.repeat(1000), 'a"[': `\\"${'['.repeat(1000)}` }))).toBe(false)
  expect(isTooDeep(`["\\\\",${nested(100)}]`)).toBe(true)
})
