import { expect, test } from 'vitest'
import { ambientNamesIn } from '../../src/rules/ambient-names.ts'
import { parseSource } from '../../src/source-file.ts'

const names = (text: string) =>
  ambientNamesIn(parseSource('packages/core/src/a.ts', text)).map(({ name }) => name)

test.each([
  ['Date.now()', 'Date.now'],
  ['new Date()', 'Date.now'],
  ['Date()', 'Date.now'],
  [`Date['now']()`, 'Date.now'],
  ['const { now } = Date', 'Date.now'],
  ['const clock = { now: Date.now }', 'Date.now'],
  ['Math.random()', 'Math.random'],
  [`Math['random']()`, 'Math.random'],
  ['const { random } = Math', 'Math.random'],
  ['crypto.randomUUID()', 'crypto.randomUUID'],
  ['const { randomUUID } = crypto', 'crypto.randomUUID'],
  ['globalThis.crypto.randomUUID()', 'globalThis'],
  ['globalThis.fetch(url)', 'globalThis'],
  [`globalThis['fetch'](url)`, 'globalThis'],
  ['await fetch(url)', 'fetch'],
  ['const f = options.fetch ?? fetch', 'fetch'],
  ['export const runtime = { fetch }', 'fetch'],
  ['function get({ load = fetch }) {}', 'fetch'],
  ['const get = () => fetch', 'fetch'],
  ['export default fetch', 'fetch'],
  ['declare const fetch: () => void; fetch()', 'fetch'],
  ['process.env.SECRET', 'process'],
  ['console.log(1)', 'console'],
  ['setTimeout(work, 1)', 'setTimeout'],
  ['setInterval(work, 1)', 'setInterval'],
  ['performance.now()', 'performance'],
  ['Buffer.from(text)', 'Buffer'],
  [`require('fs')`, 'require'],
  ['`${process.pid}`', 'process'],
  [`import { createHash } from 'node:crypto'`, 'node:crypto'],
  [`import type { Server } from 'node:http'`, 'node:http'],
  [`await import('node:fs')`, 'node:fs'],
  // A parameter of that name elsewhere does not hide the global here.
  ['const a = (fetch: F) => fetch(1); const b = () => fetch(2)', 'fetch'],
])('%s is found as %s', (text, name) => {
  expect(names(text)).toEqual([name])
})

test.each([
  'crypto.subtle.digest(algorithm, data)',
  'globalThis.crypto.subtle.digest(algorithm, data)',
  'crypto.getRandomValues(bytes)',
  'new Date(at).toISOString()',
  'Date.parse(text)',
  'value instanceof Date',
  'Math.floor(1.5)',
  'runtime.fetch(url)',
  'runtime.now()',
  'export interface Runtime { fetch: typeof fetch; console: Console; at: Date }',
  'const send = ({ fetch }: Runtime) => fetch(url)',
  'function send(fetch: typeof globalThis.fetch) { return fetch(url) }',
  `import { process } from './process.ts'; process()`,
  'const { fetch } = runtime; fetch(url)',
  'const { fetch: load } = runtime',
  'for (const process of all) process()',
  'try {} catch (self) { throw self }',
  'const a = { process: 1, console: 2 }; a.process',
  '// Date.now()',
  `const text = 'Date.now()'`,
])('%s takes nothing from its surroundings', (text) => {
  expect(names(text)).toEqual([])
})
