import { expect, test } from 'vitest'
import { checkFileShape, countCodeLines, countLines, median } from '../../src/rules/file-shape.ts'

const file = (name: string) => `packages/core/src/${name}`

test.each([
  'parseScope.ts',
  'parse_scope.ts',
  'Parse.ts',
  'utils.ts',
  'util.ts',
  'helpers.ts',
  'common.ts',
  'types.ts',
  'utils/parse.ts',
  'grants/helpers.ts',
  'grants/AuthorizationCode.ts',
  'parse.js',
])('%s is refused as a name', (name) => {
  expect(checkFileShape(file(name), '')).toHaveLength(1)
})

test.each([
  'parse-scope.ts',
  'base64url.ts',
  'grants/authorization-code.ts',
  'types-of-token.ts',
  'sign.node.ts',
])('%s is accepted as a name', (name) => {
  expect(checkFileShape(file(name), '')).toEqual([])
})

test('a file of 250 lines is accepted and one of 251 is not', () => {
  expect(checkFileShape(file('a.ts'), 'x\n'.repeat(250))).toEqual([])
  expect(checkFileShape(file('a.ts'), 'x\n'.repeat(251))).toHaveLength(1)
})

test('lines are counted with and without a line break at the end', () => {
  expect([countLines(''), countLines('a'), countLines('a\n'), countLines('a\nb\n')]).toEqual([1, 1, 1, 2])
})

test('lines of code are neither blank nor comment', () => {
  expect(countCodeLines('/**\n * A.\n */\nconst a = 1 // one\n\n// two\nconst b = 2\n')).toBe(2)
})

test('the median is the middle, and of two middles the greater', () => {
  expect([median([3, 1, 2]), median([1, 2, 3, 4]), median([])]).toEqual([2, 3, 0])
})
