// Runs the MCP Inspector in its CLI mode against the target, with nothing but the URL: it discovers, registers, asks the
// user, lists and calls. It comes from the registry, as the conformance suite does.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, installOutside, signIn, startTarget } from './outside.mjs'

const { directory, node22, folder } = installOutside('inspector', '@modelcontextprotocol/inspector@2.12.0')
const program = join(folder, 'clients/launcher/build/index.js')
const readable = ['whoami', 'get_applications', 'get_application']

for (const env of [{ MCP_SDK: 'v1' }, { MCP_SDK: 'v2' }])
  for (const era of env.MCP_SDK === 'v1' ? ['legacy'] : ['legacy', 'modern']) await check(env, era)
console.log('inspector: ok')

async function check(env, era) {
  const target = await startTarget(env, { directory })
  const home = mkdtempSync(join(tmpdir(), 'gatewright-inspector-'))
  const callback = `http://127.0.0.1:${await freePort()}/oauth/callback`
  const inspect = (url, ...args) =>
    run(home, [
      '--server-url',
      url,
      '--transport',
      'http',
      '--callback-url',
      callback,
      '--protocol-era',
      era,
      ...args,
    ])
  const call = (name, given) => [
    '--method',
    'tools/call',
    '--tool-name',
    name,
    '--tool-args-json',
    JSON.stringify(given),
  ]
  try {
    const mcp = `${target.origin}/mcp`
    const listed = await inspect(mcp, '--method', 'tools/list')
    assert.equal(listed.visits.length, 1, listed.output)
    const asked = listed.visits[0].searchParams
    assert.equal(asked.get('code_challenge_method'), 'S256')
    assert.equal(asked.get('resource'), mcp)
    assert.equal(asked.get('redirect_uri'), callback)
    const names = listed.result.tools.map(({ name }) => name)
    for (const name of readable) assert.ok(names.includes(name), `${name} is not among ${names}`)

    // What the first run was granted serves the next ones, without the user.
    const whoami = await inspect(mcp, ...call('whoami', {}))
    assert.equal(whoami.visits.length, 0, whoami.output)
    assert.equal(JSON.parse(whoami.result.content[0].text).sub, 'alice')

    const change = { id: 'admin/my-app', application: { displayName: 'Changed' } }
    const changed = await inspect(mcp, ...call('update_application', change))
    assert.equal(JSON.parse(changed.result.content[0].text).displayName, 'Changed')
    console.log(`ok inspector, SDK ${env.MCP_SDK}, ${era}`)
  } finally {
    await target.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

/** Runs the Inspector once; the user at the browser allows everything. */
function run(home, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node22, [program, '--cli', '--format', 'json', ...args], {
      env: {
        HOME: home,
        PATH: '/bin:/usr/bin',
        BROWSER: 'true',
        MCP_AUTO_OPEN_ENABLED: 'true',
        MCP_INSPECTOR_SECRET_STORE: 'file',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 120_000,
    })
    const visits = []
    let stdout = ''
    let output = ''
    child.stdin.end('y\n')
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      visit(chunk)
    })
    child.stderr.on('data', visit)
    child.on('error', reject)
    child.on('close', (status) => {
      if (status !== 0) return reject(new Error(`the Inspector ended with ${status}:\n${output}`))
      resolve({ visits, output, result: resultOf(stdout) })
    })

    function visit(chunk) {
      output += chunk
      const urls = [...output.matchAll(/http:\/\/127\.0\.0\.1:\d+\/authorize\?\S+(?=\s)/g)].map(
        ([url]) => url,
      )
      for (const url of urls.slice(visits.length)) {
        visits.push(new URL(url))
        signIn(url).then(fetch).catch(reject)
      }
    }
  })
}

function resultOf(stdout) {
  const parsed = JSON.parse(stdout.slice(stdout.indexOf('{')))
  return parsed.result ?? parsed
}
