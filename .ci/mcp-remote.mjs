// mcp-remote as a desktop application starts it, with a program at the browser.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort, signIn } from './outside.mjs'
import { root } from './workspace.mjs'

const require = createRequire(join(root, 'packages/interop/package.json'))
const program = join(dirname(require.resolve('mcp-remote/package.json')), 'dist/proxy.js')

/** Connects to a server, signs a person in, and gives the names of the tools that it lists. */
export async function toolsByMcpRemote(url, person, home) {
  const child = spawn(process.execPath, [program, url, String(await freePort())], {
    // No browser must open on the desktop that this may run on.
    env: { BROWSER: 'true', PATH: '/bin:/usr/bin', HOME: home, MCP_REMOTE_CONFIG_DIR: home },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let log = ''
  const waiting = new Map()
  const failed = new Promise((_, reject) => {
    child.once('close', (code) => reject(new Error(`mcp-remote ended with ${code}\n${log}`)))
    createInterface({ input: child.stderr }).on('line', (line) => {
      log += `${line}\n`
      if (!/^https?:\/\/\S+[?&]response_type=code/.test(line)) return
      signIn(line, undefined, person).then(deliver).catch(reject)
    })
  })
  failed.catch(() => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line)
    waiting.get(answer.id)?.(answer)
  })
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const request = async (id, method, params) => {
    const answered = new Promise((resolve) => waiting.set(id, resolve))
    send({ id, method, params })
    const late = wait(60_000, undefined, { ref: false }).then(() =>
      Promise.reject(new Error(`${method} is not answered\n${log}`)),
    )
    const { result, error } = await Promise.race([answered, failed, late])
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result
  }
  try {
    const clientInfo = { name: 'newcomer', version: '1.0.0' }
    await request(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    send({ method: 'notifications/initialized' })
    const { tools } = await request(2, 'tools/list', {})
    return tools.map(({ name }) => name)
  } finally {
    child.kill('SIGKILL')
  }
}

/** Brings the browser back to the program, which may begin to listen a moment after it has printed the URL. */
async function deliver(callback) {
  for (let attempt = 0; attempt < 250; attempt++) {
    const response = await fetch(callback).catch(() => undefined)
    if (response !== undefined) return response.body?.cancel()
    await wait(20)
  }
  throw new Error(`nobody listens at ${callback.origin}`)
}
