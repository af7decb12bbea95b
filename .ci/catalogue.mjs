// Says for each row of packages/conformance/catalogue.json which passed test shows it, from the report of the last test run.
// `--write` writes docs/conformance.md; without it, fails when a row has no test and does not say what it "waits" for, or when the
// page lacks a row or names no test of it that ran.
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = `${root}/docs/conformance.md`
const catalogue = JSON.parse(readFileSync(`${root}/packages/conformance/catalogue.json`, 'utf8'))

const tests = testsByRow()
const rows = catalogue.flatMap((group) => group.rows)
const missing = rows.filter(({ id, waits }) => waits === undefined && !tests.has(id)).map(({ id }) => id)
const arrived = rows.filter(({ id, waits }) => waits !== undefined && tests.has(id)).map(({ id }) => id)
const text = await format(render(), { ...(await resolveConfig(page)), parser: 'markdown' })
if (process.argv.includes('--write')) writeFileSync(page, text)
const written = (read(page) ?? '').split('\n')
// Which tests run depends on the machine, so the page may name more or fewer of them; it must name one that ran.
const stale = rows.some(({ id }) => {
  const line = written.find((text) => text.startsWith(`| ${id} `))
  return line === undefined || (tests.has(id) && ![...tests.get(id)].some((file) => line.includes(file)))
})

if (missing.length > 0)
  console.error(
    `${missing.length} rows have no passed test with their id in its title: ${missing.join(', ')}`,
  )
if (arrived.length > 0) console.error(`${arrived.join(', ')} have a test: take "waits" out of the catalogue`)
if (stale)
  console.error('docs/conformance.md is out of date: after a whole test run, node .ci/catalogue.mjs --write')
if (missing.length > 0 || arrived.length > 0 || stale) process.exit(1)
console.log(`${rows.filter(({ id }) => tests.has(id)).length} of ${rows.length} rows have a test`)

/** The files with a passed test whose title, or a title around it, names a row. */
function testsByRow() {
  const found = new Map()
  for (const { name, assertionResults } of JSON.parse(readFileSync(`${root}/.ci/reports/tests.json`, 'utf8'))
    .testResults) {
    const file = relative(root, name)
    for (const { status, fullName } of assertionResults)
      if (status === 'passed')
        for (const id of fullName.match(/\b[A-Z]{2}-\d\d\b/g) ?? [])
          found.set(id, (found.get(id) ?? new Set()).add(file))
  }
  return found
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function render() {
  const sections = catalogue.map(({ group, title, rows }) => {
    const lines = rows.map(({ id, case: input, expected, source, waits }) => {
      const files = [...(tests.get(id) ?? [])]
        .sort((one, other) => (one < other ? -1 : 1))
        .map((file) => `\`${file}\``)
      return `| ${[id, input, expected, source, files.join('<br>') || `not yet: ${waits ?? '**no test**'}`].map(cell).join(' | ')} |`
    })
    return `## ${group}: ${title}\n\n| id | case | expected | standard | tests |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n`
  })
  return `---
search: false
---

# Conformance

Each row is a rule that Gatewright keeps, with the tests that fail when it does not. The page is written from the report of a test run: \`node .ci/catalogue.mjs --write\`.

Short forms: **LP** is an error page of our own, without a redirect. **RD(e)** is a redirect to the validated redirect URI with \`error=e\`, the exact \`state\` and \`iss\`. **RS401** and **RS403** are answers of a protected resource with a \`WWW-Authenticate: Bearer\` challenge. AT and RT are access and refresh token, CIMD a client ID metadata document, RAT a registration access token.

${sections.join('\n')}`
}

/** A table cell: no bar ends it early, no markup or template of the page is read out of it. */
function cell(text) {
  return text
    .replaceAll('|', String.raw`\|`)
    .replaceAll('<', '&lt;')
    .replaceAll('&lt;br>', '<br>')
    .replaceAll('{{', '&#123;&#123;')
}
