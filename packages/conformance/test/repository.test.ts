import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkTrackedText } from '../src/rules/tracked-text.ts'
import { formatViolations } from '../src/violation.ts'
import { listFiles, readPackages, readPublicPackages, readText, root } from '../src/workspace.ts'

const packages = readPublicPackages()

/** The files of the repository: what git tracks or would track, or everything where git cannot say. */
function repositoryFiles(): string[] {
  // The tests may run as another user than the one who owns the clone.
  const args = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status === 0) return stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
  return listFiles('.').filter((path) => !/(?:^|\/)(?:dist|coverage|\.data|\.ci\/reports)\//.test(path))
}

describe('the repository', () => {
  test('names no registry host and no path of one machine', () => {
    const violations = repositoryFiles().flatMap((path) => {
      const text = readText(path)
      return text.includes('\0') ? [] : checkTrackedText(path, text)
    })
    expect(formatViolations(violations)).toEqual([])
  })

  test('lists every published package in its README, with the description of its package.json', () => {
    const readme = readText('README.md')
    const missing = packages
      .map(({ path, manifest }) => `| [\`${manifest.name}\`](${path}) | ${manifest.description ?? ''} |`)
      .filter((row) => !readme.replaceAll(/ +\|/g, ' |').includes(row))
    expect(missing).toEqual([])
  })
})

test('HT-15 nothing that is shipped or shown makes a parser of HTTP lenient', () => {
  const sources = [...packages, ...readPackages('examples')].flatMap((each) => each.sources)
  expect(sources.length).toBeGreaterThan(500)
  expect(sources.filter((path) => /insecureHTTPParser|requireHostHeader/.test(readText(path)))).toEqual([])
})

describe.each(packages)('$manifest.name', ({ path, manifest }) => {
  test('has a README that begins with its name and says how to install it', () => {
    const readme = existsSync(join(root, path, 'README.md')) ? readText(`${path}/README.md`) : ''
    expect(readme.split('\n', 1)[0]).toBe(`# ${manifest.name}`)
    expect(readme).toContain(`npm install ${manifest.name}`)
  })

  test('carries the license', () => {
    expect(existsSync(join(root, path, 'LICENSE'))).toBe(true)
    expect(readText(`${path}/LICENSE`)).toBe(readText('LICENSE'))
  })
})
