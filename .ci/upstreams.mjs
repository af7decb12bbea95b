// Puts MCP servers that others wrote behind the proxy, over stdio and over HTTP, of both eras, and uses their tools, prompts
// and resources through the registry as a caller of the gateway does. The servers come from the registry.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineScopes } from '../packages/core/dist/index.js'
import { createToolRegistry } from '../packages/mcp/dist/index.js'
import { createMcpProxy, streamableHttp } from '../packages/mcp-proxy/dist/index.js'
import { stdioServer } from '../packages/mcp-proxy/dist/stdio.js'
import { noCredential } from '../packages/token-exchange/dist/index.js'
import { freePort, installOutside } from './outside.mjs'

const caller = { subject: 'alice', clientId: 'client', scopes: ['use'], token: 'token', expiresAt: Infinity }
const files = mkdtempSync(join(tmpdir(), 'gatewright-upstreams-'))
const note = join(files, 'note.txt')
writeFileSync(note, 'kept')

/** How a server of this name, from the registry, is started: by the newer Node.js that some of them need. */
function program(name, version, file) {
  const { node22, folder } = installOutside(name.replaceAll(/\W+/g, '-'), `${name}@${version}`)
  return { node22, script: join(folder, file) }
}
const official = (name) => program(`@modelcontextprotocol/server-${name}`, '2026.8.31', 'dist/index.js')
const started = ({ node22, script }, args = [], env = {}) =>
  stdioServer(node22, { args: [script, ...args], env })

const everything = official('everything')
const port = await freePort()
const http = spawn(everything.node22, [everything.script, 'streamableHttp'], {
  env: { PATH: process.env.PATH, PORT: String(port) },
  stdio: ['ignore', 'ignore', 'pipe'],
})
await new Promise((resolve, reject) => {
  http.stderr.on('data', (text) => String(text).includes('listening') && resolve())
  http.once('exit', () => reject(new Error('the server over HTTP has ended')))
})

try {
  const remote = streamableHttp(`http://127.0.0.1:${port}/mcp`, { allowPrivate: true })
  for (const [how, endpoint] of Object.entries({ HTTP: remote, stdio: started(everything) }))
    await check(`everything, ${how}`, endpoint, '2025-11-25', async ({ ask, tool, excluded, names }) => {
      assert.equal(await tool('echo', { message: 'hello' }), 'Echo: hello')
      assert.equal(await tool('get-sum', { a: 1, b: 2 }), 'The sum of 1 and 2 is 3.')
      await assert.rejects(tool('get-sum', { a: 'one', b: 2 }), /"a"|\/a|number/)
      const { structuredContent } = await ask('tools/call', {
        name: 'up_get-structured-content',
        arguments: { location: 'Chicago' },
      })
      assert.equal(typeof structuredContent.temperature, 'number')
      assert.deepEqual(excluded(), ['needs_tasks'])
      const prompt = await ask('prompts/get', { name: 'up_simple-prompt', arguments: {} })
      assert.match(prompt.messages[0].content.text, /simple prompt/)
      const uri = 'upstream:up_/demo://resource/static/document/architecture.md'
      assert.ok(names('resources').includes(uri))
      assert.match((await ask('resources/read', { uri })).contents[0].text, /Architecture/)
      const dynamic = 'upstream:up_/demo://resource/dynamic/text/7'
      assert.match((await ask('resources/read', { uri: dynamic })).contents[0].text, /Resource 7/)
    })
  await check('filesystem', started(official('filesystem'), [files]), '2025-11-25', async ({ tool }) => {
    assert.equal(await tool('read_text_file', { path: note }), 'kept')
    await assert.rejects(tool('read_text_file', { path: '/etc/hostname' }), /Access denied/)
  })
  const graph = started(official('memory'), [], { MEMORY_FILE_PATH: join(files, 'memory.json') })
  await check('memory', graph, '2025-11-25', async ({ tool }) => {
    const entity = { name: 'Ada', entityType: 'person', observations: ['counts'] }
    await tool('create_entities', { entities: [entity] })
    assert.deepEqual(JSON.parse(await tool('read_graph', {})).entities, [entity])
  })
  const context = started(program('@upstash/context7-mcp', '4.1.1', 'dist/index.js'))
  await check('context7', context, '2026-07-28', async ({ names }) => {
    assert.ok(names('tools').length > 0)
  })
  console.log('upstreams: ok')
} finally {
  http.removeAllListeners('exit')
  http.kill()
  rmSync(files, { recursive: true, force: true })
}

async function check(title, endpoint, revision, use) {
  const events = []
  const registry = createToolRegistry({
    scopes: defineScopes({ use: 'Use the servers' }),
    onEvent: (event) => events.push(event),
  })
  const everybody = () => ['use']
  const proxy = createMcpProxy({
    name: 'upstream',
    endpoint,
    prefix: 'up_',
    scopes: everybody,
    prompts: everybody,
    resources: everybody,
    authorization: noCredential(),
  })
  try {
    assert.equal(await proxy.registerIn(registry), true, JSON.stringify(events))
    const connected = events.find(({ type }) => type === 'upstream.connected')
    assert.equal(connected?.reason, revision)
    const ask = (method, params) =>
      registry.dispatch(method, caller, {
        signal: AbortSignal.timeout(60_000),
        request: new Request('https://gateway.example.com/mcp', { method: 'POST' }),
        params: { ...params, _meta: {} },
        acceptsInputRequired: false,
        progress: async () => {},
      })
    const seen = registry.visibleTo(caller)
    assert.deepEqual(registry.visibleTo({ ...caller, scopes: [] }).tools, [])
    await use({
      ask,
      async tool(name, given) {
        const result = await ask('tools/call', { name: `up_${name}`, arguments: given })
        const text = result.content[0].text
        if (result.isError) throw new Error(text)
        return text
      },
      names: (list) => seen[list].map(({ name, uri }) => uri ?? name),
      excluded: () =>
        events.filter(({ type }) => type === 'upstream.tool_excluded').map(({ reason }) => reason),
    })
    const counts = Object.entries(seen).map(([list, entries]) => `${entries.length} ${list}`)
    console.log(`ok ${title} (${revision}): ${counts.join(', ')}`)
  } finally {
    await proxy.close()
  }
}
