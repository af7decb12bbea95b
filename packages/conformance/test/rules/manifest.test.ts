import { expect, test } from 'vitest'
import { checkManifest, nodeSourcesOf } from '../../src/rules/manifest.ts'
import type { Manifest } from '../../src/workspace.ts'

const target = { types: './dist/index.d.ts', default: './dist/index.js' }
const sound: Manifest = {
  name: '@gatewright/core',
  files: ['dist', 'README.md', 'LICENSE'],
  exports: { '.': { '@gatewright/source': './src/index.ts', ...target }, './package.json': './package.json' },
  publishConfig: { exports: { '.': target, './package.json': './package.json' } },
}
const messages = (change: Partial<Manifest>, sources = ['packages/core/src/index.ts']) =>
  checkManifest({
    folder: 'core',
    path: 'packages/core',
    manifest: { ...sound, ...change },
    sources,
  }).map(({ message }) => message)

test('a sound manifest is accepted', () => {
  expect(messages({})).toEqual([])
})

test('an entry point without its source is found', () => {
  expect(messages({}, [])).toEqual(['exports["."] names src/index.ts, which does not exist'])
})

test('an entry point that names another output than its source is found', () => {
  const exports = {
    '.': { '@gatewright/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/main.js' },
  }
  expect(messages({ exports })[0]).toMatch(/^exports\["\."\] must be /)
})

test('types after default are found, because the first matching condition wins', () => {
  const exports = {
    '.': { '@gatewright/source': './src/index.ts', default: './dist/index.js', types: './dist/index.d.ts' },
  }
  expect(messages({ exports })[0]).toMatch(/^exports\["\."\] must be /)
})

test('published entry points that differ from the local ones are found', () => {
  const message = 'publishConfig.exports must be exports without the source condition'
  expect(messages({ publishConfig: {} })).toEqual([message])
  expect(messages({ publishConfig: { exports: sound.exports ?? {} } })).toEqual([message])
})

test('files beyond dist, README.md and LICENSE are found', () => {
  expect(messages({ files: ['dist', 'src'] })).toEqual([
    'files must be dist, README.md and LICENSE, and templates or migrations where there are',
  ])
})

test('a name that is not the folder is found', () => {
  expect(messages({ name: '@gatewright/kernel' })).toEqual(['name must be @gatewright/core, as the folder'])
})

test('a source for Node.js alone may use the modules of Node', () => {
  const sources = ['packages/core/src/sign.node.ts', 'packages/core/src/sign.ts']
  expect(nodeSourcesOf({ folder: 'core', path: 'packages/core', manifest: sound, sources })).toEqual([
    'packages/core/src/sign.node.ts',
  ])
})
