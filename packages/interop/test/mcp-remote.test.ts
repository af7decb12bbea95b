// mcp-remote as a desktop application starts it: a process of its own, spoken to through stdin and stdout.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { freePort } from './support/listen.ts'
import { startMcpRemote } from './support/mcp-remote.ts'
import type { McpRemoteOptions } from './support/mcp-remote.ts'
import type { RecordedRequest } from './support/recorder.ts'
import { startTarget } from './support/start-target.ts'

const running: { stop(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of running.splice(0).toReversed()) await each.stop()
})

async function target(switches: Readonly<Record<string, string>> = {}) {
  const started = await startTarget(switches, { recording: true, keepAlive: false })
  running.push(started)
  return started
}

async function mcpRemote(args: readonly string[], options?: McpRemoteOptions) {
  const started = await startMcpRemote(args, options)
  running.push(started)
  return started
}

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-interop-'))
  running.push({ stop: () => rm(folder, { recursive: true, force: true }) })
  return folder
}

/** Waits for the requests that follow the handshake on their own: two at once that need the user trip over each other. */
const settled = (requests: readonly RecordedRequest[]) =>
  vi.waitFor(
    () => {
      const stream = requests.find(({ method, headers }) => method === 'GET' && headers.has('authorization'))
      expect(stream?.status).toBe(405)
    },
    { timeout: 30_000 },
  )

const write = { id: 'admin/my-app', application: { displayName: 'Changed' } }

// Each start of the program costs half a second of a processor, and many times that on a busy machine.
describe('mcp-remote', { timeout: 60_000 }, () => {
  it('connects as in the guide for Claude Desktop: a client id and scopes that the administrator handed out', async () => {
    const { origin, requests } = await target({ DCR: 'off' })
    const port = await freePort()
    const scope = 'read:application write:application openid profile email'
    const remote = await mcpRemote([
      `${origin}/api/mcp`,
      String(port),
      '--host',
      '127.0.0.1',
      '--callback-path',
      '/callback',
      '--static-oauth-client-info',
      '{"client_id":"claude-desktop-mcp"}',
      '--static-oauth-client-metadata',
      JSON.stringify({ scope }),
    ])
    await remote.initialize()

    const [url] = remote.authorizationUrls
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      client_id: 'claude-desktop-mcp',
      redirect_uri: `http://127.0.0.1:${port}/callback`,
      code_challenge_method: 'S256',
      resource: `${origin}/api/mcp`,
      scope,
    })
    expect(remote.browser.shown.map(({ kind }) => kind)).toEqual(['login', 'consent'])
    expect(remote.browser.shown.at(-1)?.html).toContain(`127.0.0.1:${port}`)

    expect(await remote.toolNames()).toEqual(expect.arrayContaining(['get_applications', 'add_application']))
    expect(await remote.call('get_applications', { owner: 'admin' })).toMatchObject([
      { name: 'app-built-in', displayName: 'Casdoor' },
      { name: 'claude-desktop-mcp' },
      { name: 'my-app' },
    ])
    const application = { owner: 'admin', name: 'test-app', displayName: 'Test App', organization: 'my-org' }
    expect(await remote.call('add_application', { application })).toEqual(application)
    expect(requests.filter(({ path }) => path === '/register')).toEqual([])
  })

  it('registers itself when it has no client id, asks for what the challenge names, and keeps its login for the next start', async () => {
    const { origin, requests } = await target()
    const folder = await temporaryFolder()
    const remote = await mcpRemote([`${origin}/mcp`], { folder })
    await remote.initialize()
    // It asks without a token first, by GET, and learns from the 401.
    expect(requests[0]).toMatchObject({ method: 'GET', path: '/mcp', status: 401 })
    const registration = requests.find(({ path }) => path === '/register')
    expect(registration).toMatchObject({
      status: 201,
      json: { client_name: 'MCP CLI Proxy', application_type: 'native', token_endpoint_auth_method: 'none' },
    })
    expect(remote.authorizationUrls[0]?.searchParams.get('scope')).toBe('read:application offline_access')
    expect(remote.authorizationUrls[0]?.searchParams.get('prompt')).toBe('consent')
    expect(await remote.call('whoami')).toMatchObject({ sub: 'alice' })
    await remote.stop()

    const again = await mcpRemote([`${origin}/mcp`], { folder })
    await again.initialize()
    expect(await again.call('whoami')).toMatchObject({ sub: 'alice' })
    expect(again.authorizationUrls).toEqual([])
    expect(requests.filter(({ path }) => path === '/register')).toHaveLength(1)
  })

  it('asks the user for more in the middle of a session, and answers the call that was refused', async () => {
    const { origin, requests } = await target()
    const remote = await mcpRemote([`${origin}/mcp`])
    await remote.initialize()
    await settled(requests)
    expect(await remote.toolNames()).not.toContain('add_application')
    expect(await remote.call('update_application', write)).toMatchObject({ displayName: 'Changed' })
    expect(remote.authorizationUrls).toHaveLength(2)
    expect(remote.authorizationUrls[1]?.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['read:application', 'write:application']),
    )
    expect(await remote.toolNames()).toContain('add_application')
    expect(requests.filter(({ status }) => status === 403)).toHaveLength(1)
  })

  it('cannot ask for more than the scopes that its configuration pins, and says so instead of asking for ever', async () => {
    const { origin, requests } = await target()
    const remote = await mcpRemote([
      `${origin}/mcp`,
      '--static-oauth-client-metadata',
      '{"scope":"read:application"}',
    ])
    await remote.initialize()
    await settled(requests)
    await expect(remote.call('update_application', write)).rejects.toThrow('mcp-remote: ')
    // A browser opens in vain, twice at most.
    const asked = remote.authorizationUrls.map((url) => url.searchParams.get('scope'))
    expect([...new Set(asked)]).toEqual(['read:application'])
    expect(asked.length).toBeLessThanOrEqual(3)
    expect(await remote.call('get_applications', { owner: 'admin' })).toHaveLength(3)
  })

  it('refreshes silently when tokens are short-lived', async () => {
    const { origin, requests, events } = await target({ ACCESS_TOKEN_TTL: '30' })
    const remote = await mcpRemote([`${origin}/mcp`])
    await remote.initialize()
    // It takes a token with less than a minute left for expired, so every request refreshes.
    expect(await remote.call('whoami')).toMatchObject({ sub: 'alice' })
    expect(await remote.call('whoami')).toMatchObject({ sub: 'alice' })
    const refreshes = requests.filter(({ form }) => form.get('grant_type') === 'refresh_token')
    expect(refreshes.length).toBeGreaterThan(2)
    expect(refreshes.map(({ status }) => status)).toEqual(refreshes.map(() => 200))
    expect(remote.authorizationUrls).toHaveLength(1)
    expect((await events()).filter(({ type }) => type === 'grant.revoked')).toEqual([])
  })

  // Two of its requests may write one of its files at once, and then it stops.
  it('signs in again when its grant was revoked in the middle of a session', { retry: 2 }, async () => {
    const { origin, issuer, requests } = await target()
    const remote = await mcpRemote([`${origin}/mcp`])
    await remote.initialize()
    await settled(requests)
    const exchange = requests.find(({ path }) => path === '/token')
    // A second use of the code ends the grant, as a thief would cause it.
    const replay = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams(exchange?.form),
    })
    expect(await replay.json()).toMatchObject({ error: 'invalid_grant' })
    expect(await remote.call('whoami')).toMatchObject({ sub: 'alice' })
    expect(remote.authorizationUrls).toHaveLength(2)
  })

  it('registers again when the server has forgotten it', async () => {
    const folder = await temporaryFolder()
    const first = await target()
    const remote = await mcpRemote([first.mcp], { folder })
    await remote.initialize()
    await settled(first.requests)
    await first.stop()
    const second = await target({ PORT: String(first.port) })
    expect(await remote.call('whoami')).toMatchObject({ sub: 'alice' })
    expect(second.requests.filter(({ path }) => path === '/register')).toHaveLength(1)
  })

  it('is told by the authorization endpoint that its registration is gone, and has a new one at its next start', async () => {
    const folder = await temporaryFolder()
    const first = await target()
    const remote = await mcpRemote([first.mcp], { folder })
    await remote.initialize()
    await remote.stop()
    await first.stop()
    const files = await readdir(folder, { recursive: true })
    for (const file of files.filter((name) => name.endsWith('tokens.json'))) await rm(join(folder, file))

    // Before it opens the browser with an old client id, it asks as a program: a page would not tell it anything.
    const { requests } = await target({ PORT: String(first.port) })
    const hanging = await mcpRemote([first.mcp], { folder })
    hanging.initialize().catch(() => {})
    await vi.waitFor(
      () => {
        expect(requests.find(({ path }) => path === '/register')?.status).toBe(201)
      },
      { timeout: 30_000 },
    )
    const refused = requests.find(
      ({ path, headers }) => path === '/authorize' && headers.get('accept') === 'application/json',
    )
    expect(refused?.status).toBe(400)
    // This version registers at once, and forgets to open the browser.
    await hanging.stop()

    const again = await mcpRemote([first.mcp], { folder })
    await again.initialize()
    expect(await again.call('whoami')).toMatchObject({ sub: 'alice' })
    expect(requests.filter(({ path }) => path === '/register')).toHaveLength(1)
  })
})
