// Which tests can run inside workerd: those that reach for nothing that only a process has (files, sockets, other processes,
// native code), neither themselves nor by a file beside them.
import { readFileSync, readdirSync, existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { root } from './workspace.mjs'

/** The packages that run where there is no Node.js. Of the storages, only D1 does. */
export const workerdProjects = [
  'authorization-server',
  'core',
  'dpop',
  'mcp',
  'mcp-bridge',
  'mcp-proxy',
  'pkce',
  'policy',
  'provider',
  'redirect-uri',
  'resource-server',
  'storage',
  'storage-sqlite',
  'testkit',
  'token-exchange',
]

/** Modules of Node.js that workerd has without its sockets and files. */
const pure =
  /^node:(?:assert|async_hooks|buffer|crypto|events|path|punycode|querystring|stream|string_decoder|url|util|zlib)\b/

/** Packages that need a process: drivers with native code or sockets, servers, bundlers, browsers, and what is made for them. */
const ofProcesses =
  /^(?:@electric-sql\/|@gatewright\/(?:cli|express|fastify|node|testkit\/adapter)|@gatewright-examples\/|@hono\/node-server|esbuild|express|fastify|ioredis|libsql|oidc-provider|pg|playwright-core|postgres|redis|vite)(?:\/|$)/

/** The files of a project that can run there, and the others with what they need. */
export function workerdFiles(project) {
  const tests = join(root, 'packages', project, 'test')
  const all = existsSync(tests) ? testFiles(tests) : []
  const checked = all.map((file) => ({ file, needs: [...needsOf(file, new Set())] }))
  return {
    files: checked.filter(({ needs }) => needs.length === 0).map(({ file }) => file),
    leftOut: checked
      .filter(({ needs }) => needs.length > 0)
      .map(({ file, needs }) => ({ file: relative(root, file), needs })),
  }
}

function testFiles(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:test|workerd)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** What a file imports, itself or by files beside it, that does not exist in workerd. */
function needsOf(file, seen) {
  if (seen.has(file)) return new Set()
  seen.add(file)
  const source = readFileSync(file, 'utf8')
  const found = new Set(source.match(/\bprocess\.(?:cpuUsage|memoryUsage|execPath|kill)\b/g))
  for (const [, name] of source.matchAll(
    /(?:^(?:import|export)\s(?!type\b)[^'"`;]*?|\bimport\()['"]([^'"]+)['"]/gm,
  )) {
    if (name.startsWith('.')) {
      const next = resolve(dirname(file), name)
      if (next.endsWith('.node.ts')) found.add(name.replace(/^.*\//, ''))
      if (statSync(next, { throwIfNoEntry: false })?.isFile())
        for (const need of needsOf(next, seen)) found.add(need)
    } else if ((name.startsWith('node:') && !pure.test(name)) || ofProcesses.test(name)) found.add(name)
  }
  return found
}
