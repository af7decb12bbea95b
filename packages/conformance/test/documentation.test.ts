import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type ts from 'typescript'
import { checkCodeBlocks } from '../src/documentation/check-code-blocks.ts'
import { codeBlocksOf } from '../src/documentation/code-blocks.ts'
import { commentBlocksOf } from '../src/documentation/comment-blocks.ts'
import { exportedNames } from '../src/documentation/exported-names.ts'
import { createProgram, entrySources } from '../src/documentation/program.ts'
import { parseSource } from '../src/source-file.ts'
import { formatViolations } from '../src/violation.ts'
import { listFiles, readPackages, readPublicPackages, readText, root } from '../src/workspace.ts'

const packages = readPublicPackages()
const pages = [
  'README.md',
  ...[...readPackages('packages'), ...readPackages('examples')].map(({ path }) => `${path}/README.md`),
  ...listFiles('docs').filter((path) => path.endsWith('.md') && !/^docs\/(?:api|\.vitepress)\//.test(path)),
].filter((path) => existsSync(join(root, path)))

/** The compiler reads the SDKs' declarations too, which takes a minute on a very busy machine. */
const patience = 180_000

describe('documentation', () => {
  let program: ts.Program
  beforeAll(() => {
    program = createProgram(packages)
  }, patience)

  test(
    'every TypeScript block of a page or comment compiles',
    () => {
      const blocks = [
        ...pages.flatMap((path) => codeBlocksOf(path, readText(path))),
        ...packages.flatMap(({ sources }) => sources.flatMap((path) => commentBlocksOf(parseSource(path)))),
      ]
      expect(blocks.length).toBeGreaterThan(0)
      expect(formatViolations(checkCodeBlocks(blocks, packages, program))).toEqual([])
    },
    patience,
  )

  test('every public name has a comment', () => {
    const undocumented = exportedNames(program, packages)
      .filter(({ documentation }) => documentation === '')
      .map(({ module, name }) => `${module}: ${name}`)
    expect(undocumented).toEqual([])
  })

  test('every entry point says which module it is', () => {
    const nameless = [...entrySources(packages)]
      .map(([module, path]) => ({ module, path: path.slice(root.length + 1) }))
      .filter(
        ({ module, path }) => !new RegExp(`^/\\*\\*[\\s\\S]*?@module ${module}\\s`).test(readText(path)),
      )
      .map(({ module, path }) => `${path} must begin with a comment that has @module ${module}`)
    expect(nameless).toEqual([])
  })
})
