// Runs the MCP conformance suite against the target: the scenarios for servers on both eras and both lines of the SDK,
// through a proxy on this machine that adds an access token, and those for authorization servers. The suite and the
// runtime it needs come from the registry, and are kept out of the workspace. Every scenario that is expected to fail or to
// skip itself is listed below with its reason. One that does something else than is listed, or is left out, fails the run.
import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { createJudge } from './conformance-judge.mjs'
import { installOutside, signIn, startTarget as start } from './outside.mjs'

const { directory, node22 } = installOutside(
  'conformance',
  '@modelcontextprotocol/conformance@0.2.0-alpha.12',
)
const results = join(directory, 'results')
const suite = join(directory, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')

const logging = 'logging is not offered: 2026-07-28 deprecates it'
const subscriptions = 'resources cannot be subscribed to'
const noEventStore = 'streams are not replayed, so that no event can reach the wrong reader'
const tasks = 'there are no tasks'
const headers = 'tools with x-mcp-header are refused when they are registered'
const skills = 'there are no skills, and none are announced'
const judge = createJudge({
  failed: {
    'tools-call-with-logging': logging,
    'logging-set-level': logging,
    'resources-subscribe': subscriptions,
    'resources-unsubscribe': subscriptions,
    'http-custom-header-server-validation': headers,
    'tasks-lifecycle': tasks,
    'tasks-capability-negotiation': tasks,
    'tasks-wire-fields': tasks,
    'tasks-request-state-removal': tasks,
    'tasks-mrtr-input': tasks,
    'tasks-request-headers': tasks,
    'tasks-dispatch-and-envelope': tasks,
    'tasks-required-task-error': tasks,
    'tasks-mrtr-composition': tasks,
  },
  skipped: {
    'tasks-status-notifications': tasks,
    'sep-2640-skills-directory': skills,
    'sep-2640-skills-enumeration': skills,
    'sep-2640-skills-manifest': skills,
  },
  // It ends after the first answer when that is no stream.
  undecided: { 'server-sse-polling': noEventStore },
})
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
const client = { client_id: 'conformance', redirect_uris: ['http://127.0.0.1:3111/callback'] }
const startTarget = (env) => start({ MCP_CONFORMANCE: '1', ...env }, { directory, clients: [client] })
const wanted = (name) => chosen.size === 0 || chosen.has(name)

rmSync(results, { recursive: true, force: true })
for (const { sdk, revision } of runs.filter((each) => wanted(each.revision))) {
  const target = await startTarget({ MCP_SDK: sdk })
  const proxy = await startProxy(target, await accessToken(target.origin))
  const dated = revision === 'extension' ? [] : ['--spec-version', revision]
  const names = list('--server', ...dated).filter(({ tags }) => tags.split(',').includes(revision))
  console.log(`\n=== server, SDK ${sdk}, ${revision}: ${names.length} scenarios`)
  for (const { name } of names) {
    const args = ['server', '--url', `${proxy.origin}/mcp`, '--scenario', name, ...dated]
    const { checks, output } = await runScenario(args, `${sdk}-${revision}-${name}`)
    tell(judge.judge(name, `${sdk} ${revision}`, checks), checks, output)
  }
  await proxy.stop()
  await target.stop()
}
if (wanted('authorization')) await checkAuthorizationServer()
if (chosen.size === 0)
  judge.checkComplete([...list('--server'), ...list('--authorization')].map(({ name }) => name))
console.log(`\n${judge.summary()}`)
console.log(
  judge.problems.length === 0 ? 'conformance: ok' : `conformance: FAILED\n${judge.problems.join('\n')}`,
)
process.exitCode = judge.problems.length === 0 ? 0 : 1

/** The scenarios that the suite has, with the revisions that each is for. */
function list(...args) {
  const { stdout } = spawnSync(node22, [suite, 'list', ...args], { encoding: 'utf8' })
  return [...stdout.matchAll(/^ {2}- ([\w/.-]+) \[([^\]]*)\]/gm)].map(([, name, tags]) => ({ name, tags }))
}

/** Prints a verdict; where it is not the expected one, what the suite says as well. */
function tell({ fits, line }, checks, output) {
  console.log(line)
  if (fits) return
  const failures = checks.filter(({ status }) => status === 'FAILURE')
  const told = failures.map(({ id, errorMessage }) => `  ${id}: ${errorMessage}`).join('\n')
  console.log(told || output)
}

/** Runs one scenario; gives its checks. */
async function runScenario(args, label) {
  const folder = join(results, label)
  const { output } = await run(node22, [suite, ...args, '--output-dir', folder])
  return { checks: readChecks(folder), output }
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
  const identity = ['--client-id', 'conformance', '--resource', `${target.origin}/mcp`, '--port', '3111']
  // All in one run: the later ones need what the first has read.
  const args = ['authorization', '--url', target.origin, ...identity, '--output-dir', folder]
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
    tell(judge.judge(name, 'authorization', checks), checks, output)
  }
  await target.stop()
}
