// Connects the command lines of three agents that others wrote, Codex, opencode and mcporter, to the target: each discovers,
// registers, lets the user sign in, and uses the tools. They come from the registry and get a home of their own.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { installOutside, signIn, startTarget } from './outside.mjs'

const home = mkdtempSync(join(tmpdir(), 'gatewright-agents-'))
// Codex knows a metadata document, which the target would have to fetch from the internet; without it, Codex registers.
const target = await startTarget({ CIMD: 'off' }, { directory: home })
const url = `${target.origin}/mcp`
const readable = ['get_application', 'get_applications', 'whoami']
try {
  await codex()
  await opencode()
  await mcporter()
  console.log('agents: ok')
} finally {
  await target.stop()
  rmSync(home, { recursive: true, force: true })
}

async function codex() {
  const { folder } = installOutside('codex', '@openai/codex@0.171.0')
  const command = [process.execPath, join(folder, 'bin/codex.js')]
  const { visits } = await run([...command, 'mcp', 'add', 'target', '--url', url])
  told('Codex', visits)

  const server = start([...command, 'app-server'])
  const lines = createInterface({ input: server.stdout })
  const send = (message) => server.stdin.write(`${JSON.stringify(message)}\n`)
  const clientInfo = { name: 'check', title: 'Check', version: '1.0.0' }
  send({ id: 1, method: 'initialize', params: { clientInfo } })
  for await (const line of lines) {
    const { id, result } = JSON.parse(line)
    if (id === 1) {
      send({ method: 'initialized' })
      send({ id: 2, method: 'mcpServerStatus/list', params: {} })
    }
    if (id !== 2) continue
    listed('Codex', Object.keys(result.data.find(({ name }) => name === 'target').tools))
    break
  }
  server.kill()
}

async function opencode() {
  const { directory } = installOutside('opencode', 'opencode-ai@1.18.33')
  const config = { mcp: { target: { type: 'remote', url, enabled: true } } }
  writeFileSync(join(home, 'opencode.json'), JSON.stringify(config))
  const command = [join(directory, 'node_modules/opencode-linux-x64-baseline/bin/opencode')]
  const { visits } = await run([...command, 'mcp', 'auth', 'target'])
  told('opencode', visits)
  const { output } = await run([...command, 'mcp', 'list'])
  assert.match(output, /target.*connected/)
  console.log('ok opencode: connected')
}

async function mcporter() {
  const { folder, node22 } = installOutside('mcporter', 'mcporter@0.12.3')
  const config = join(home, 'mcporter.json')
  writeFileSync(config, JSON.stringify({ mcpServers: { target: { url, auth: 'oauth' } } }))
  const command = [node22, join(folder, 'dist/cli.js'), '--config', config]
  const { visits } = await run([...command, 'auth', 'target'])
  told('mcporter', visits)
  const { stdout } = await run([...command, 'list', 'target', '--json'])
  listed(
    'mcporter',
    JSON.parse(stdout).tools.map(({ name }) => name),
  )
  const called = await run([...command, 'call', 'target.whoami', '--output', 'json'])
  assert.equal(JSON.parse(called.stdout).sub, 'alice', called.output)
}

function told(client, visits) {
  assert.equal(visits.length, 1, `${client} sent the user ${visits.length} times`)
  const asked = visits[0].searchParams
  assert.equal(asked.get('code_challenge_method'), 'S256')
  assert.equal(asked.get('resource'), url)
}

function listed(client, names) {
  for (const name of readable) assert.ok(names.includes(name), `${client}: ${name} is not among ${names}`)
  console.log(`ok ${client}: ${names.length} tools`)
}

function start([command, ...args]) {
  return spawn(command, args, {
    cwd: home,
    // No browser must open on the desktop that this may run on.
    env: { BROWSER: 'true', PATH: '/bin:/usr/bin', HOME: home },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs a program to its end, and is the user where it shows an authorization URL. */
function run(command) {
  const child = start(command)
  child.stdin.end()
  const late = setTimeout(() => child.kill(), 90_000)
  return new Promise((resolve, reject) => {
    const visits = []
    let output = ''
    let stdout = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      visit(chunk)
    })
    child.stderr.on('data', visit)
    child.on('error', reject)
    child.on('close', (status) => {
      clearTimeout(late)
      if (status === 0) resolve({ visits, output, stdout })
      else reject(new Error(`${command.join(' ')} ended with ${status}:\n${output}`))
    })

    function visit(chunk) {
      output += chunk
      const urls = new Set(
        [...output.matchAll(/http:\/\/127\.0\.0\.1:\d+\/authorize\?\S+(?=\s)/g)].map(([found]) => found),
      )
      for (const found of [...urls].slice(visits.length)) {
        visits.push(new URL(found))
        signIn(found).then(fetch).catch(reject)
      }
    }
  })
}
