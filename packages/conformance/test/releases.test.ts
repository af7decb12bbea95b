import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPublicPackages, readText, root } from '../src/workspace.ts'

const packages = readPublicPackages()
const lockFile = readText('pnpm-lock.yaml')

/** The versions of a package in the lock file, as numbers. */
function lockedVersions(name: string): (readonly number[])[] {
  const entries = lockFile.matchAll(/^ {2}'?((?:@[^/\s']+\/)?[^@\s']+)@(\d+\.\d+\.\d+)[^:\s']*'?:/gm)
  return [...entries]
    .filter(([, found]) => found === name)
    .map(([, , version = '']) => version.split('.').map(Number))
}

function isAtLeast(version: readonly number[], minimum: readonly number[]): boolean {
  const place = version.findIndex((number, index) => number !== minimum[index])
  return place === -1 || (version[place] ?? 0) > (minimum[place] ?? 0)
}

describe('SU-04 dependencies with a published vulnerability', () => {
  test.each([
    ['@modelcontextprotocol/sdk', [1, 26, 0]],
    ['hono', [4, 11, 4]],
    ['express-rate-limit', [8, 3, 0]],
  ])('%s is past the version that mended it', (name, minimum) => {
    const versions = lockedVersions(name)
    expect(versions.length).toBeGreaterThan(0)
    expect(versions.filter((version) => !isAtLeast(version, minimum))).toEqual([])
  })

  test('the workflow asks the registry about all of them, and fails on a high one', () => {
    expect(readText('.github/workflows/ci.yml')).toContain('audit --audit-level high')
  })
})

describe('SU-02 what is published', () => {
  test.each(packages)('$manifest.name: no install script, provenance, and ESM only', ({ path }) => {
    const manifest = JSON.parse(readText(`${path}/package.json`)) as Record<string, unknown>
    const scripts = Object.keys(manifest['scripts'] ?? {})
    expect(
      scripts.filter((name) => /^(?:pre|post)?(?:install|prepare|publish|pack)(?:Only)?$/.test(name)),
    ).toEqual([])
    expect(manifest['publishConfig']).toMatchObject({ provenance: true, access: 'public' })
    expect(manifest['type']).toBe('module')
    // What these hold is checked in the tarballs themselves, by .ci/check-packages.mjs.
    const data = ['templates', 'migrations'].filter((folder) => existsSync(join(root, path, folder)))
    expect(manifest['files']).toEqual(['dist', ...data, 'README.md', 'LICENSE'])
  })
})
