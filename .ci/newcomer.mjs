// A newcomer with an empty directory, who does what docs/guide/quick-start.md says, word for word, with the packages as they would
// be published; then every template, and hello-mcp with nothing built natively. mcp-remote lists the tools of each.
// Needs a build, and the registry for the packages' own dependencies.
import { spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './outside.mjs'
import { toolsByMcpRemote } from './mcp-remote.mjs'
import { serveTarballs } from './tarball-registry.mjs'
import { root } from './workspace.mjs'

const started = performance.now()
const scratch = mkdtempSync(join(tmpdir(), 'gatewright-newcomer-'))
const folder = (name) => {
  mkdirSync(join(scratch, name), { recursive: true })
  return join(scratch, name)
}
const running = new Set()
const registry = await serveTarballs(folder('tarballs'))
writeFileSync(join(scratch, 'npmrc'), registry.npmrc)
const environment = {
  PATH: process.env.PATH,
  HOME: folder('home'),
  npm_config_userconfig: join(scratch, 'npmrc'),
  npm_config_cache: cacheOf(folder('npm')),
  npm_config_yes: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_prefer_offline: 'true',
  npm_config_update_notifier: 'false',
  NO_COLOR: '1',
}

try {
  // It promises five minutes, and the registry alone can make it take one of them.
  if ((await step('the quick start, word for word', followQuickStart)) > 5 * 60_000)
    throw new Error('the quick start took more than the five minutes that it promises')
  await step('every template', tryTemplates)
  await step('hello-mcp, with nothing built natively', tryHello)
} catch (error) {
  console.error(`\n${error.message}`)
  process.exitCode = 1
} finally {
  for (const child of running) kill(child)
  registry.stop()
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
}
console.log(`a newcomer was done in ${seconds(started)}`)

// What others publish is taken from npm's cache. What npx installed is not: a version of ours has another content at each run.
function cacheOf(directory) {
  const shared = join(process.env.npm_config_cache ?? join(homedir(), '.npm'), '_cacache')
  mkdirSync(shared, { recursive: true })
  symlinkSync(shared, join(directory, '_cacache'))
  return directory
}

async function step(name, work) {
  const begun = performance.now()
  await work()
  console.log(`ok     ${name} (${seconds(begun)})`)
  return performance.now() - begun
}

async function followQuickStart() {
  const page = readFileSync(join(root, 'docs/guide/quick-start.md'), 'utf8')
  let directory = folder('quick-start')
  let server
  const printed = []
  for (const [, language, code] of page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (language === 'ts') {
      const [, name] = /^\/\/ (\S+)\n/.exec(code) ?? []
      if (name === undefined) throw new Error('a program of the page must begin with the name of its file')
      writeFileSync(join(directory, name), code)
    }
    if (language !== 'sh') continue
    for (const line of code.trim().split('\n')) {
      const [word, argument] = line.split(' ')
      if (word === 'cd') directory = join(directory, argument)
      else if (word === 'claude') {
        if (!server.output().includes(line)) throw new Error(`the server does not print: ${line}`)
      } else if (line === 'npm start' || word === 'node') {
        server = await startServer(line, directory)
        printed.push(server)
        await expectTools(server)
      } else await shell(line, directory)
    }
  }
  if (printed.length !== 2) throw new Error(`the page starts ${printed.length} servers, and not two`)
  for (const { child } of printed) kill(child)
}

/** Those that the quick start does not choose, beside one another on one installation. */
async function tryTemplates() {
  const directory = folder('templates')
  const choices = ['express', 'fastify', 'hono', 'node']
    .flatMap((framework) => ['memory', 'sqlite'].map((storage) => [framework, storage]))
    .filter((choice) => String(choice) !== 'express,memory')
  const all = {}
  for (const [framework, storage] of choices) {
    const name = `${framework}-${storage}`
    await shell(`npx @gatewright/cli init ${name} --framework ${framework} --storage ${storage}`, directory)
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(directory, name, 'package.json')))
    Object.assign(all, dependencies, devDependencies)
  }
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, dependencies: all }))
  await shell('npm install --ignore-scripts', directory)
  await Promise.all(
    choices.map(async ([framework, storage]) => {
      const at = join(directory, `${framework}-${storage}`)
      const settings = { PORT: String(await freePort()) }
      const server = await startServer('npm start', at, settings)
      await expectTools(server)
      if (storage === 'sqlite') {
        const clients = await shell('npx gatewright clients list', at, settings)
        if (!/ itself +none +enabled/.test(clients)) throw new Error(`mcp-remote is no client:\n${clients}`)
        if (!/ signing /.test(await shell('npx gatewright keys list', at, settings)))
          throw new Error('no key signs')
      }
      kill(server.child)
    }),
  )
}

async function tryHello() {
  const directory = folder('hello')
  cpSync(join(root, 'examples/hello-mcp/dist'), join(directory, 'dist'), { recursive: true })
  const { dependencies } = JSON.parse(readFileSync(join(root, 'examples/hello-mcp/package.json'), 'utf8'))
  const versions = Object.entries(dependencies).map(([name, version]) => [
    name,
    version.startsWith('workspace:') ? '*' : installed('examples/hello-mcp', name),
  ])
  const manifest = { private: true, type: 'module', dependencies: Object.fromEntries(versions) }
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest))
  await shell('npm install --ignore-scripts', directory)
  const native = readdirSync(join(directory, 'node_modules'), { recursive: true }).filter(
    (name) => name.endsWith('.node') || name.endsWith('binding.gyp'),
  )
  if (native.length > 0) throw new Error(`hello-mcp installs what is native: ${native.join(', ')}`)
  const begun = performance.now()
  // The shell becomes the program, so that what it took can be asked.
  const server = await startServer('exec node dist/main.js', directory, { PORT: String(await freePort()) })
  const waited = Math.round(performance.now() - begun)
  const worked = processorTime(server.child.pid)
  console.log(
    `       hello-mcp accepts connections after ${waited} ms, ${worked ?? 'unknown'} of them of a processor`,
  )
  if (worked !== undefined && worked >= 1000) throw new Error('hello-mcp takes more than a second to start')
  await expectTools(server)
  kill(server.child)
}

/** What a process took of a processor, in milliseconds: unlike the clock, that is the same on a busy machine. Linux tells it. */
function processorTime(pid) {
  try {
    const [, , user, system] = /^.*\) \S((?: \S+){10}) (\d+) (\d+)/.exec(
      readFileSync(`/proc/${pid}/stat`, 'utf8'),
    )
    return (Number(user) + Number(system)) * 10
  } catch {
    return undefined
  }
}

function installed(path, name) {
  return JSON.parse(readFileSync(join(root, path, 'node_modules', name, 'package.json'), 'utf8')).version
}

/** Starts what a line says, and waits until it tells where it is and who may log in. */
async function startServer(line, cwd, env = {}) {
  const child = spawn('/bin/sh', ['-c', line], {
    cwd,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what npm starts ends with it.
    detached: true,
  })
  running.add(child)
  let output = ''
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk
        if (/password \S+\n/.test(output)) resolve()
      })
    child.once('close', (code) => reject(new Error(`${line}\nended with ${code}:\n${output}`)))
  })
  return { child, output: () => output }
}

/** What mcp-remote lists is what the server has. */
async function expectTools(server) {
  const output = server.output()
  const url = /MCP server at (\S+)/.exec(output)?.[1]
  const username = /(?:Log|Sign) in as (?!any)(\S+)/.exec(output)?.[1] ?? 'anybody'
  const password = /password (\S+)/.exec(output)?.[1]
  const tools = await toolsByMcpRemote(url, { username, password }, mkdtempSync(join(scratch, 'mcp-remote-')))
  const expected = [['list_notes', 'add_note'], ['hello']].map(String)
  if (!expected.includes(String(tools))) throw new Error(`mcp-remote lists ${tools} at ${url}`)
}

async function shell(line, cwd, env = {}) {
  const child = spawn('/bin/sh', ['-c', line], {
    cwd,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const status = await new Promise((resolve) => child.once('close', resolve))
  if (status !== 0) throw new Error(`${line}\nended with ${status}:\n${output}`)
  return output
}

function kill(child) {
  running.delete(child)
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {}
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}
