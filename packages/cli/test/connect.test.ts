import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../src/connect/open-browser.ts'
import { run } from '../src/index.ts'
import { signInAtTarget } from './support/person.ts'
import { runCommand } from './support/run-command.ts'
import { startServer, startTarget } from './support/serve.ts'
import type { Served } from './support/serve.ts'

/** An application that starts `gatewright connect`, and a person at the browser. */
function startClient(
  url: string,
  env: Record<string, string>,
  args: readonly string[] = [],
  decision: 'approve' | 'deny' = 'approve',
) {
  const lines: string[] = []
  let wake = () => {}
  let ended = false
  const answers = new Map<number, (message: Message) => void>()
  const notes: string[] = []
  const signIns: URL[] = []
  const visits: Promise<unknown>[] = []
  async function* input() {
    for (;;) {
      while (lines.length > 0) yield `${lines.shift()}\n`
      if (ended) return
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const send = (message: object) => {
    lines.push(JSON.stringify({ jsonrpc: '2.0', ...message }))
    wake()
  }
  const finished = run(['connect', url, '--no-browser', ...args], {
    env,
    input: input(),
    print(line) {
      const message = JSON.parse(line) as Message
      answers.get(message.id)?.(message)
    },
    note(line) {
      notes.push(line)
      const address = /^sign in at (.*)$/.exec(line)?.[1]
      if (address === undefined) return
      signIns.push(new URL(address))
      visits.push(signInAtTarget(new URL(address), decision))
    },
    colour: false,
    shown: false,
  })
  let id = 0
  const request = (method: string, params: object = {}) =>
    new Promise<Message>((resolve) => {
      id += 1
      answers.set(id, resolve)
      send({ id, method, params })
    })
  return {
    notes,
    signIns,
    request,
    async handshake() {
      const answer = await request('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      })
      send({ method: 'notifications/initialized' })
      return answer
    },
    call: (name: string, args = {}) => request('tools/call', { name, arguments: args }),
    async end() {
      ended = true
      wake()
      await Promise.all(visits)
      return finished
    },
  }
}

interface Message {
  readonly id: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

describe('gatewright connect', () => {
  let home: string
  let target: Served
  beforeAll(async () => {
    target = await startTarget({ ACCESS_TOKEN_TTL: '900' })
  })
  afterAll(() => target.close())
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'gatewright-cli-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))
  const environment = (more: Record<string, string> = {}) => ({ GATEWRIGHT_HOME: home, ...more })
  const configured = () =>
    environment({ OAUTH_CLIENT_ID: 'claude-desktop-mcp', OAUTH_SCOPES: 'read:application openid profile' })

  it('signs in with the client and exactly the scopes of its environment, and calls a tool', async () => {
    const client = startClient(`${target.origin}/mcp`, configured())
    expect((await client.handshake()).result).toMatchObject({ protocolVersion: '2025-11-25' })
    const { result } = await client.call('whoami')
    expect(JSON.stringify(result)).toContain('claude-desktop-mcp')
    const [url, ...more] = client.signIns
    expect(more).toEqual([])
    expect(url?.searchParams.get('client_id')).toBe('claude-desktop-mcp')
    expect(url?.searchParams.get('scope')).toBe('read:application openid profile')
    expect(url?.searchParams.get('resource')).toBe(`${target.origin}/mcp`)
    expect(url?.searchParams.get('code_challenge_method')).toBe('S256')
    expect(url?.searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)
    expect(await client.end()).toBe(0)
  })

  it('keeps the tokens for the next run, where nobody else can read them', async () => {
    const first = startClient(`${target.origin}/mcp`, configured())
    await first.handshake()
    await first.end()
    const [file = ''] = readdirSync(home)
    expect(statSync(home).mode & 0o777).toBe(0o700)
    expect(statSync(join(home, file)).mode & 0o777).toBe(0o600)
    const second = startClient(`${target.origin}/mcp`, configured())
    await second.handshake()
    expect((await second.call('whoami')).result).toBeDefined()
    expect(second.signIns).toEqual([])
    await second.end()
    const { code } = await runCommand(['connect', `${target.origin}/mcp`, '--forget'], configured())
    expect([code, readdirSync(home)]).toEqual([0, []])
  })

  it('signs in anew when other scopes are configured than last time, in whatever order', async () => {
    const run = async (scopes: string) => {
      const env = environment({ OAUTH_CLIENT_ID: 'claude-desktop-mcp', OAUTH_SCOPES: scopes })
      const client = startClient(`${target.origin}/mcp`, env)
      await client.handshake()
      const { result } = await client.call('whoami')
      await client.end()
      return {
        asked: client.signIns.map((url) => url.searchParams.get('scope')),
        result: JSON.stringify(result),
      }
    }
    expect((await run('read:application openid')).asked).toEqual(['read:application openid'])
    expect((await run('openid  read:application')).asked).toEqual([])
    const more = await run('read:application write:application')
    expect(more.asked).toEqual(['read:application write:application'])
    expect(more.result).toContain('write:application')
    const fewer = await run('read:application')
    expect(fewer.asked).toEqual(['read:application'])
    expect(fewer.result).not.toContain('write:application')
  })

  it('registers itself where no client is configured', async () => {
    const client = startClient(`${target.origin}/mcp`, environment())
    await client.handshake()
    expect((await client.call('get_applications', { owner: 'admin' })).result).toBeDefined()
    await client.end()
    const [file = ''] = readdirSync(home)
    expect(readFileSync(join(home, file), 'utf8')).toContain('"client"')
  })

  it('asks for more when a tool needs it, once, and calls the tool again', async () => {
    const client = startClient(`${target.origin}/mcp`, configured())
    await client.handshake()
    const args = { id: 'admin/my-app', displayName: 'Renamed' }
    const answers = await Promise.all([
      client.call('update_application', args),
      client.call('update_application', args),
    ])
    expect(answers.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(client.signIns).toHaveLength(2)
    const asked = client.signIns[1]?.searchParams.get('scope')?.split(' ')
    expect(asked).toEqual(
      expect.arrayContaining(['read:application', 'write:application', 'openid', 'profile']),
    )
    await client.end()
  })

  it('refreshes when the token has ended, without the browser', async () => {
    const short = await startTarget({ ACCESS_TOKEN_TTL: '1', REFRESH_REUSE_WINDOW: '0' })
    try {
      const client = startClient(`${short.origin}/mcp`, configured())
      await client.handshake()
      const before = JSON.parse(readFileSync(join(home, readdirSync(home)[0] ?? ''), 'utf8')) as {
        tokens: { access_token: string }
      }
      let answer = await client.call('whoami')
      // The token lives one second, and resource servers allow clocks to differ.
      const deadline = performance.now() + 60_000
      for (;;) {
        const now = JSON.parse(readFileSync(join(home, readdirSync(home)[0] ?? ''), 'utf8')) as typeof before
        if (now.tokens.access_token !== before.tokens.access_token || performance.now() > deadline) break
        answer = await client.call('whoami')
      }
      expect(answer.result).toBeDefined()
      expect(client.signIns).toHaveLength(1)
      await client.end()
    } finally {
      await short.close()
    }
  }, 90_000)

  it('answers the request with an error when the person declines', async () => {
    const client = startClient(`${target.origin}/mcp`, configured(), [], 'deny')
    expect((await client.handshake()).error?.message).toContain('access was not granted: access_denied')
    await client.end()
  })

  it('answers what is no JSON-RPC message with a parse error, and goes on', async () => {
    const output: string[] = []
    const code = await run(['connect', `${target.origin}/mcp`, '--no-browser'], {
      env: environment(),
      input: (async function* () {
        yield 'not json\n'
      })(),
      print: (line) => void output.push(line),
      note: () => {},
      colour: false,
      shown: false,
    })
    expect([code, JSON.parse(output[0] ?? '{}')]).toMatchObject([0, { id: null, error: { code: -32700 } }])
  })

  it('says so when the callback port is in use', async () => {
    const other = await startServer(() => {})
    const { port } = new URL(other.origin)
    const { code, notes } = await runCommand(
      ['connect', `${target.origin}/mcp`, '--callback-port', port],
      environment(),
    )
    expect([code, notes]).toEqual([1, expect.stringContaining(`port ${port} is in use`)])
    await other.close()
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'http://evil.example/', 'calc://x'])(
    'CVE-2025-6514 opens no %s, whatever a server names as its sign-in page',
    (url) => {
      expect(() => openBrowser(new URL(url))).toThrow('refused')
    },
  )
})
