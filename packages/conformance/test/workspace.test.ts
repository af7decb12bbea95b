import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listFiles, root } from '../src/workspace.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatewright-files-'))
  for (const below of ['b', 'node_modules/installed', '.git'])
    mkdirSync(join(folder, below), { recursive: true })
  for (const file of ['c.ts', 'b/d.ts', '.hidden', 'node_modules/installed/index.js', '.git/HEAD'])
    writeFileSync(join(folder, file), '')
  // As packages that are linked into each other.
  symlinkSync(folder, join(folder, 'b/around'))
  symlinkSync(join(folder, 'c.ts'), join(folder, 'b/linked.ts'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the files of a folder are those that were written there: none by a link, none that is installed', () => {
  const path = relative(root, folder)
  expect(listFiles(path)).toEqual([`${path}/.hidden`, `${path}/b/d.ts`, `${path}/c.ts`])
  expect(listFiles(`${path}/missing`)).toEqual([])
})

test('the files of the repository are named from its root', () => {
  for (const path of ['.', 'packages', 'packages/conformance/test/'])
    expect(listFiles(path)).toContain('packages/conformance/test/workspace.test.ts')
})
