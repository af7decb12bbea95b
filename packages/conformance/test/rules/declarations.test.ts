import { expect, test } from 'vitest'
import { checkDeclarations } from '../../src/rules/declarations.ts'
import { parseSource } from '../../src/source-file.ts'

const messages = (text: string) =>
  checkDeclarations(parseSource('packages/core/src/a.ts', text)).map(({ message }) => message.split(':')[0])

test.each([
  ['export default function a() {}', 'default export'],
  ['export default {}', 'default export'],
  ['const a = 1; export { a as default }', 'default export'],
  ['export = a', 'default export'],
  [`export { default } from './a.ts'`, 'default export'],
  [`export * from './a.ts'`, 'export *'],
  ['export const a: any = 1', 'any'],
  ['export function a(b: Record<string, any>) {}', 'any'],
  ['a as any', 'any'],
  ['a!.b', 'non-null assertion'],
  ['enum A { B }', 'enum'],
  ['namespace A {}', 'namespace'],
  ['class A {}', 'class that is no error'],
  ['export const A = class extends Base {}', 'class that is no error'],
])('%s is refused', (text, message) => {
  expect(messages(text)).toEqual([message])
})

test.each([
  'export class OAuthError extends Error {}',
  'class MyError extends OAuthError {}',
  `export { a } from './a.ts'`,
  `export * as rules from './a.ts'`,
  'switch (a) { default: b() }',
  'const a: unknown = 1',
  'const any = !a',
])('%s is accepted', (text) => {
  expect(messages(text)).toEqual([])
})
