import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { listFiles, readText } from '../src/workspace.ts'

interface Measured {
  /** Percent of the mutants that some test noticed. */
  readonly score: number
  readonly mutants: number
  readonly killed: number
  /** Hash of the sources that were mutated. */
  readonly sources: string
  readonly survivors: readonly { readonly file: string; readonly original: string; readonly why: string }[]
}

const measured = JSON.parse(readText('packages/conformance/mutation.json')) as Record<string, Measured>
const script = readText('.ci/mutation.mjs')

/** The same hash as in .ci/mutation.mjs. */
function sourcesOf(name: string): string {
  const hash = createHash('sha256')
  const directory = `packages/${name}/src`
  for (const path of listFiles(directory).toSorted())
    if (path.endsWith('.ts')) hash.update(`${path.slice(directory.length + 1)}\0${readText(path)}\0`)
  return hash.digest('hex')
}

describe('SU-06 the security core, of whose mutants 85 % at least are killed', () => {
  const packages = ['pkce', 'redirect-uri', 'dpop']

  test.each(packages)(
    '%s: measured on the sources that are here, and each survivor has its reason',
    (name) => {
      const { score, mutants, killed, sources, survivors } = measured[name] ?? expect.unreachable()
      expect(sources, `packages/${name} has changed: pnpm test:mutation ${name} --write`).toBe(
        sourcesOf(name),
      )
      expect(mutants).toBeGreaterThan(50)
      expect(killed + survivors.length).toBe(mutants)
      expect(score).toBe(Math.floor((1000 * killed) / mutants) / 10)
      expect(score).toBeGreaterThanOrEqual(85)
      for (const { file, original, why } of survivors)
        expect(why, `${file}: ${original}`).toMatch(/^[A-Z].{20,}\.$/)
    },
  )

  test('nothing else is recorded, and all of it is measured anew each week', () => {
    expect(Object.keys(measured).toSorted()).toEqual(packages.toSorted())
    expect(script).toContain(`const packages = [${packages.map((name) => `'${name}'`).join(', ')}]`)
    expect(script).toContain('const threshold = 85')
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }
    expect(scripts['test:mutation']).toBe('node .ci/mutation.mjs')
    expect(scripts['verify:slow']).toContain('pnpm test:mutation')
    expect(readText('.github/workflows/verify-full.yml')).toContain('run verify:slow')
  })
})
