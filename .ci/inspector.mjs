// Runs the MCP Inspector in its CLI mode against the target, with nothing but the URL: it discovers, registers, asks the
// user, lists and calls. With a client that is known to the server it also steps up to a further scope. It comes from the
// registry, as the conformance suite does.
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
  const callback = `http://127.0.0.1:${await freePort()}/oauth/callback`
  const known = { client_id: 'inspector', redirect_uris: [callback] }
  const target = await startTarget(env, { directory, clients: [known] })
  const homes = []
  /** One installation of the Inspector: what it stores stays between its runs. */
  function installation(...own) {
    const home = mkdtempSync(join(tmpdir(), 'gatewright-inspector-'))
    homes.push(home)
    const usual = ['--transport', 'http', '--callback-url', callback, '--protocol-era', era, ...own]
    return (args, allowed) => run(home, ['--server-url', `${target.origin}/mcp`, ...usual, ...args], allowed)
  }
  const list = ['--method', 'tools/list']
  const call = (name, given) => [
    '--method',
    'tools/call',
    '--tool-name',
    name,
    '--tool-args-json',
    JSON.stringify(given),
  ]
  const change = { id: 'admin/my-app', application: { displayName: 'Changed' } }
  try {
    const inspect = installation()
    const listed = await inspect(list)
    assert.equal(listed.visits.length, 1, listed.output)
    const asked = listed.visits[0].searchParams
    assert.equal(asked.get('code_challenge_method'), 'S256')
    assert.equal(asked.get('resource'), `${target.origin}/mcp`)
    assert.equal(asked.get('redirect_uri'), callback)
    const names = listed.result.tools.map(({ name }) => name)
    for (const name of readable) assert.ok(names.includes(name), `${name} is not among ${names}`)

    // What the first run was granted serves the next ones, without the user.
    const whoami = await inspect(call('whoami', {}))
    assert.equal(whoami.visits.length, 0, whoami.output)
    assert.equal(JSON.parse(whoami.result.content[0].text).sub, 'alice')
    const changed = await inspect(call('update_application', change))
    assert.equal(JSON.parse(changed.result.content[0].text).displayName, 'Changed')

    // The user allows less at first. The Inspector takes a challenge up only where it was told its client.
    const cautious = installation('--client-id', known.client_id)
    await cautious(list, ['read:application'])
    const stepped = await cautious(call('update_application', change))
    assert.equal(stepped.visits.length, 1, stepped.output)
    const wanted = stepped.visits[0].searchParams.get('scope').split(' ')
    for (const scope of ['read:application', 'write:application'])
      assert.ok(wanted.includes(scope), `${wanted}`)
    assert.equal(JSON.parse(stepped.result.content[0].text).displayName, 'Changed')
    console.log(`ok inspector, SDK ${env.MCP_SDK}, ${era}`)
  } finally {
    await target.stop()
    for (const home of homes) rmSync(home, { recursive: true, force: true })
  }
}

/** Runs the Inspector once; the user at the browser allows what is given, or everything. */
function run(home, args, allowed) {
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
        signIn(url, allowed).then(fetch).catch(reject)
      }
    }
  })
}

function resultOf(stdout) {
  const parsed = JSON.parse(stdout.slice(stdout.indexOf('{')))
  return parsed.result ?? parsed
}
