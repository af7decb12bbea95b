import { expect, test } from 'vitest'
import { listFiles, readText } from '../src/workspace.ts'

interface Group {
  readonly rows: readonly { readonly id: string; readonly waits?: string }[]
}

const catalogue = JSON.parse(readText('packages/conformance/catalogue.json')) as readonly Group[]
const tested = new Set(
  catalogue.flatMap(({ rows }) => rows.filter(({ waits }) => waits === undefined).map(({ id }) => id)),
)
const page = readText('docs/guide/security.md')
const identifier = /\b[A-Z]{2}-\d{2}\b/g

test('the security page cites rows of the catalogue that are tested, at least one for each threat', () => {
  expect([...page.matchAll(identifier)].map(([id]) => id).filter((id) => !tested.has(id))).toEqual([])
  const [, threats = ''] = /## Threats([^]*?)\n## What it does not do/.exec(page) ?? []
  const rows = threats.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:-|attack )/.test(line))
  expect(rows.length).toBeGreaterThan(40)
  expect(rows.filter((row) => row.match(identifier) === null)).toEqual([])
})

test('the troubleshooting page has the title of every error page, and every reason of a rejected token', () => {
  const troubleshooting = readText('docs/guide/troubleshooting.md')
  const kinds = [
    ...readText('packages/authorization-server/src/pages/error-page.ts').matchAll(/^ {2}\| '(\w+)'/gm),
  ]
  const english = readText('packages/authorization-server/src/pages/languages/english.ts')
  const titles = kinds.map(([, kind]) => new RegExp(`\\b${kind}: '([^']+)'`).exec(english)?.[1])
  expect(titles.length).toBeGreaterThan(8)
  expect(titles.filter((title) => title === undefined || !troubleshooting.includes(`"${title}"`))).toEqual([])
  const reasons = listFiles('packages/resource-server/src').flatMap((path) =>
    [...readText(path).matchAll(/new Rejection\('(\w+)'/g)].map(([, reason]) => reason),
  )
  expect([...new Set(reasons)].filter((reason = '') => !troubleshooting.includes(`\`${reason}\``))).toEqual(
    [],
  )
})
