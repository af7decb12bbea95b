import { describe, expect, test } from 'vitest'
import { checkImports } from '../../src/rules/imports.ts'
import { parseSource } from '../../src/source-file.ts'

const messages = (folder: string, text: string, path = `packages/${folder}/src/index.ts`) =>
  checkImports(
    folder,
    parseSource(path, text),
    (target) => target === `packages/${folder}/src/sibling.ts`,
  ).map(({ message }) => message)

describe('the import rule finds', () => {
  test.each([
    ['an arrow that the table does not have', 'mcp', `import { a } from '@gatewright/authorization-server'`],
    ['an arrow to a subpath', 'mcp', `import { a } from '@gatewright/authorization-server/grants'`],
    ['a re-export', 'resource-server', `export { a } from '@gatewright/authorization-server'`],
    ['a type', 'authorization-server', `import type { A } from '@gatewright/resource-server'`],
    ['an import type', 'express', `export type A = import('@gatewright/authorization-server').A`],
    ['a dynamic import', 'node', `await import('@gatewright/express')`],
    ['a dynamic import that cannot be read', 'core', `await import(name)`],
    ['an import for its effect', 'pkce', `import '@gatewright/core'`],
    ['a package that is not in the row', 'pkce', `import { SignJWT } from 'jose'`],
    ['a subpath of a package that is not in the row', 'core', `import { a } from '@scope/name/sub'`],
    ['a value where only types are allowed', 'node', `import { OAuthError } from '@gatewright/core'`],
    ['a value among types', 'express', `import { type A, b } from '@gatewright/core'`],
    ['a relative import without its extension', 'core', `import { a } from './sibling'`],
    ['a relative import with the extension of the output', 'core', `import { a } from './sibling.js'`],
    ['a relative import of what does not exist', 'core', `import { a } from './missing.ts'`],
    ['a relative import that leaves the package', 'core', `import { a } from '../../pkce/src/sibling.ts'`],
  ])('%s', (_, folder, text) => {
    expect(messages(folder, text)).toHaveLength(1)
  })

  test('a package that has no row', () => {
    expect(messages('newcomer', 'export {}')).toEqual([
      'has no row in the import table of packages/conformance',
    ])
  })
})

test('the import rule keeps sources for every runtime from those for Node.js alone', () => {
  const text = `export { a } from './sibling.node.ts'`
  const judge = (path: string) => checkImports('core', parseSource(path, text), () => true)
  expect(judge('packages/core/src/index.ts')).toHaveLength(1)
  expect(judge('packages/core/src/platform.node.ts')).toEqual([])
})

test('the import rule accepts what the table has', () => {
  const text = `
    import { importJWK } from 'jose'
    import { OAuthError } from '@gatewright/core'
    import type { Storage } from '@gatewright/storage'
    import { sign } from '#sign'
    export { a } from './sibling.ts'`
  expect(messages('authorization-server', text)).toEqual([])
  expect(messages('node', `import type { RequestHandler } from '@gatewright/core'`)).toEqual([])
})

test('the import rule says where', () => {
  const file = parseSource('packages/core/src/a.ts', `\nimport { a } from 'jose'\n`)
  expect(checkImports('core', file, () => true)).toEqual([
    { where: 'packages/core/src/a.ts:2', message: 'core may not import jose' },
  ])
})
