import { describe, expect, it, test } from 'vitest'
import { checkDangerousCode, patternCompilers, programStarters } from '../../src/rules/dangerous-code.ts'
import { parseSource } from '../../src/source-file.ts'
import { formatViolations } from '../../src/violation.ts'
import { readPublicPackages, readText } from '../../src/workspace.ts'

const found = (text: string) => checkDangerousCode(parseSource('packages/core/src/a.ts', text)).length

describe('SU-03 text that becomes code or a program', () => {
  it.each([
    `eval(text)`,
    `globalThis.eval('1')`,
    `new Function(body)`,
    `Function('return this')()`,
    `new RegExp(given)`,
    `RegExp(given, 'u')`,
    'new RegExp(`^${given}$`)',
    `import { spawn } from 'node:child_process'`,
    `import cluster from 'cluster'`,
    `const vm = await import('node:vm')`,
  ])('is found: %s', (text) => {
    expect(found(text)).toBe(1)
  })

  it.each([`new RegExp('^a$')`, `const a = /a/`, `evaluate(text)`, `import { join } from 'node:path'`])(
    'is not: %s',
    (text) => {
      expect(found(text)).toBe(0)
    },
  )

  test('SU-03 no package has any, but for the files that are named with their reason', () => {
    const sources = readPublicPackages().flatMap((subject) => subject.sources)
    expect(formatViolations(sources.flatMap((path) => checkDangerousCode(parseSource(path))))).toEqual([])
    expect(programStarters.filter(({ path }) => !readText(path).includes('child_process'))).toEqual([])
    expect(patternCompilers.filter(({ path }) => !readText(path).includes('RegExp('))).toEqual([])
  })
})
