import { expect, test } from 'vitest'
import { checkTrackedText } from '../../src/rules/tracked-text.ts'

// Written in parts, because the rule also reads this file.
const join = (...parts: string[]) => parts.join('')

test.each([
  join('registry=https://registry', '.npmjs.org/'),
  join('https://registry', '.example.co.uk/a.tgz'),
  join('https://example.com', '/artifactory/npm'),
  join('npm.pkg', '.github.com'),
  join('cd /', 'work', '/main'),
  join(`'/`, 'root', `/.npmrc'`),
  join('path = /', 'root'),
  join('(/', 'home', '/someone/project)'),
  join('/', 'Users', '/someone'),
  join('C:', '\\Users\\someone'),
])('%s is refused', (text) => {
  expect(checkTrackedText('a.txt', `first\n${text}`)).toEqual([
    { where: 'a.txt:2', message: expect.stringMatching(/host|path/) },
  ])
})

test.each([
  'https://auth.example.com/work/item',
  'https://example.com/root',
  'src/root/index.ts',
  'https://api.example.com/home/page',
  'GET /mcp',
  '/usr/bin/chromium',
  'a registry of tools',
  'tool-registry.ts',
])('%s is accepted', (text) => {
  expect(checkTrackedText('a.txt', text)).toEqual([])
})
