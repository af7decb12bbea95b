import { expect, test } from 'vitest'
import { parseSource, nodesOf } from '../src/source-file.ts'
import { readPublicPackages, readText } from '../src/workspace.ts'
import ts from 'typescript'

const page = readText('docs/guide/weaker-on-purpose.md')
const rows = page.split('\n').filter((line) => line.startsWith('| `'))
const options = readPublicPackages()
  .flatMap(({ sources }) => sources)
  .flatMap((path) => nodesOf(parseSource(path)))
  .filter(ts.isPropertySignature)
  .map(({ name }) => name.getText())

test('SU-08 each option that weakens a rule is listed with the rules that it turns off', () => {
  const known = new Set(readText('packages/conformance/catalogue.json').match(/(?<="id": ")[^"]+/g))
  expect(rows.length).toBeGreaterThan(10)
  for (const row of rows) {
    const [names = '', , rules = ''] = row.split(/(?<!\\)\|/).slice(1)
    const named = [...names.matchAll(/`(?:\w+\(\{ )?(\w+)(?!\w*\()/g)].map(([, name]) => name)
    expect(named.length, row).toBeGreaterThan(0)
    for (const name of named) if (name !== 'false') expect(options, row).toContain(name)
    const ids = rules.match(/[A-Z]{2}-\d\d/g) ?? []
    expect(ids.length, row).toBeGreaterThan(0)
    expect(ids.filter((id) => !known.has(id))).toEqual([])
  }
})

test('SU-08 no option that says by its name that it weakens something is missing', () => {
  const telling =
    /^(?:allow(?!ed)|dangerously|insecure|legacy(?!Versions)|unsafe|skip(?!ped)|disable(?!d)|reach$)/
  const missing = options.filter((name) => telling.test(name) && !page.includes(name))
  expect(missing).toEqual([])
})
