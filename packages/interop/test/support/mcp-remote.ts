import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { createBrowser } from './browser.ts'
import type { Browser, Person } from './browser.ts'

const manifest = createRequire(import.meta.url).resolve('mcp-remote/package.json')
const program = join(dirname(manifest), 'dist', 'proxy.js')

// No real browser must open on the desktop that the tests may run on. On Linux the opener obeys BROWSER; on a Mac it is not found.
const withoutDesktop = { BROWSER: 'true', PATH: process.platform === 'darwin' ? '' : '/bin:/usr/bin' }

/** A running mcp-remote: what a desktop application starts, and talks to in lines of JSON-RPC. */
export interface McpRemote {
  /** Everything that it wrote on stderr. */
  readonly log: () => string
  readonly browser: Browser
  /** The authorization URLs that it has asked the user to visit. */
  readonly authorizationUrls: readonly URL[]
  /** Shakes hands, as every desktop application does first. */
  initialize(): Promise<void>
  /** Sends a request and resolves to its result. */
  request(method: string, params?: object): Promise<Record<string, unknown>>
  toolNames(): Promise<string[]>
  /** The parsed text of a tool's answer. */
  call(name: string, parameters?: object): Promise<unknown>
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>
}

/** How to start it. */
export interface McpRemoteOptions {
  /** What it remembers between runs; a new folder unless one is given. */
  readonly folder?: string
  readonly person?: Person
  readonly browser?: Browser
}

interface Answer {
  readonly id?: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** Starts mcp-remote with the arguments that follow its name in a client's configuration. */
export async function startMcpRemote(
  args: readonly string[],
  { folder, person, browser = createBrowser() }: McpRemoteOptions = {},
): Promise<McpRemote> {
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'gatewright-mcp-remote-')))
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...withoutDesktop, HOME: home, MCP_REMOTE_CONFIG_DIR: home },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(`it ended with ${signal ?? code}`))
  })
  let log = ''
  let lastId = 0
  const authorizationUrls: URL[] = []
  const waiting = new Map<number, (answer: Answer) => void>()
  const failures: unknown[] = []

  const visit = async (url: URL) =>
    deliver(await browser.authorize(url, person), () => child.exitCode === null)

  createInterface({ input: child.stderr }).on('line', (line) => {
    log += `${line}\n`
    if (!/^https?:\/\/\S+[?&]response_type=code/.test(line)) return
    const url = new URL(line)
    authorizationUrls.push(url)
    visit(url).catch((error: unknown) => failures.push(error))
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer
    waiting.get(answer.id ?? 0)?.(answer)
  })

  const request: McpRemote['request'] = async (method, params = {}) => {
    const id = ++lastId
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve))
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    const late = wait(30_000, 'it does not answer', { ref: false })
    const answer = await Promise.race([answered, gone, late])
    waiting.delete(id)
    if (typeof answer === 'string')
      throw new Error(`${method}: ${answer}\n${log}\n${failures.map(String).join('\n')}`)
    if (answer.error !== undefined) throw new Error(answer.error.message, { cause: answer.error })
    return answer.result ?? {}
  }

  return {
    log: () => log,
    browser,
    authorizationUrls,
    request,
    async initialize() {
      const clientInfo = { name: 'claude-ai', version: '0.1.0' }
      await request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
    },
    async toolNames() {
      const { tools } = await request('tools/list')
      return (tools as { name: string }[]).map(({ name }) => name)
    },
    async call(name, parameters = {}) {
      const { content } = await request('tools/call', { name, arguments: parameters })
      const [first] = content as { text?: string }[]
      return JSON.parse(first?.text ?? 'null')
    },
    async stop() {
      child.stdin.end()
      const ended = await Promise.race([gone, wait(1000, undefined, { ref: false })])
      if (ended === undefined) child.kill('SIGKILL')
      await gone
      if (folder === undefined) await rm(home, { recursive: true, force: true })
    },
  }
}

/** Brings the browser's callback to the program, which may start to listen a moment after it has printed the URL. */
async function deliver(callback: URL, isRunning: () => boolean): Promise<void> {
  for (let attempt = 0; isRunning(); attempt++) {
    try {
      const response = await fetch(callback)
      await response.body?.cancel()
      return
    } catch (error) {
      if (attempt === 250) throw error
      await wait(20)
    }
  }
}
