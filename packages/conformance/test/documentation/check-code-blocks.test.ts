import { beforeAll, expect, test } from 'vitest'
import type ts from 'typescript'
import { checkCodeBlocks } from '../../src/documentation/check-code-blocks.ts'
import { codeBlocksOf } from '../../src/documentation/code-blocks.ts'
import { commentBlocksOf } from '../../src/documentation/comment-blocks.ts'
import { createProgram } from '../../src/documentation/program.ts'
import { parseSource } from '../../src/source-file.ts'
import { readPublicPackages } from '../../src/workspace.ts'

const core = readPublicPackages().filter(({ folder }) => folder === 'core')
let program: ts.Program
beforeAll(() => {
  program = createProgram(core)
}, 180_000)

const page = (...lines: string[]) => codeBlocksOf('docs/page.md', lines.join('\n'))
const comment = (...lines: string[]) =>
  commentBlocksOf(
    parseSource(
      'packages/core/src/a.ts',
      ['', '/**', ...lines.map((line) => ` * ${line}`), ' */', 'export const a = 1'].join('\n'),
    ),
  )

test('blocks in TypeScript are extracted, others are not', () => {
  const blocks = page('text', '```ts', 'one', '```', '```sh', 'two', '```', '```typescript', 'three', '```')
  expect(blocks.map(({ code, line }) => ({ code, line }))).toEqual([
    { code: 'one\n', line: 3 },
    { code: 'three\n', line: 9 },
  ])
})

test('a block in a list loses its indentation', () => {
  expect(page('- item', '', '  ```ts', '  a', '    b', '  ```')[0]?.code).toBe('a\n  b\n')
})

test('an error is reported at its line in the page', () => {
  const blocks = page('# Title', '', '```ts', 'const fine = 1', 'const wrong: string = fine', '```')
  expect(checkCodeBlocks(blocks, core, program)).toEqual([
    { where: 'docs/page.md:5', message: `Type 'number' is not assignable to type 'string'.` },
  ])
})

test('an error of syntax is reported', () => {
  expect(checkCodeBlocks(page('```ts', 'const = 1', '```'), core, program)).not.toEqual([])
})

test('a block in a page must import what it uses', () => {
  const use = 'defineScopes({ a: "A" })'
  expect(checkCodeBlocks(page('```ts', use, '```'), core, program)).toHaveLength(1)
  const imported = page('```ts', `import { defineScopes } from '@gatewright/core'`, use, '```')
  expect(checkCodeBlocks(imported, core, program)).toEqual([])
})

test('a name that the package does not export is reported', () => {
  const blocks = page('```ts', `import { nothing } from '@gatewright/core'`, 'nothing()', '```')
  expect(checkCodeBlocks(blocks, core, program)).toHaveLength(1)
})

test('a prelude is compiled before the block that follows it, and no other', () => {
  const prelude = ['<!-- prelude', 'declare const scope: string', '-->', '']
  const block = ['```ts', 'scope.split(" ")', '```']
  expect(checkCodeBlocks(page(...prelude, ...block), core, program)).toEqual([])
  expect(checkCodeBlocks(page(...prelude, ...block, '', ...block), core, program)).toHaveLength(1)
})

test('an error after a prelude is reported at its line in the page', () => {
  const blocks = page(
    '<!-- prelude',
    'const one = 1',
    'const two = 2',
    '-->',
    '```ts',
    'one',
    'missing',
    '```',
  )
  expect(checkCodeBlocks(blocks, core, program).map(({ where }) => where)).toEqual(['docs/page.md:7'])
})

test('blocks do not see each other', () => {
  const blocks = page('```ts', 'const one = 1', '```', '```ts', 'const one = 2', '```', '```ts', 'one', '```')
  expect(checkCodeBlocks(blocks, core, program).map(({ where }) => where)).toEqual(['docs/page.md:8'])
})

test('a block in a comment has the public names of its package in scope', () => {
  const blocks = comment(
    'Text.',
    '@example',
    '```ts',
    `const scopes: Scopes = defineScopes({ a: 'A' })`,
    '```',
  )
  expect(checkCodeBlocks(blocks, core, program)).toEqual([])
})

test('a block in a comment may import or declare such a name itself', () => {
  const blocks = comment(
    '@example',
    '```ts',
    `import { defineScopes } from '@gatewright/core'`,
    'const parseScope = defineScopes({ a: "A" })',
    'parseScope.names',
    '```',
  )
  expect(checkCodeBlocks(blocks, core, program)).toEqual([])
})

test('an error in a comment is reported at its line in the source', () => {
  const blocks = comment('@example', '```ts', 'defineScopes({ a: 1 })', '```')
  expect(checkCodeBlocks(blocks, core, program).map(({ where }) => where)).toEqual([
    'packages/core/src/a.ts:5',
  ])
})
