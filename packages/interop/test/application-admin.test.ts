// The example for integrators: what its guide tells people to paste, what its start message and its demo print, and what is left after a restart.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundleProgram } from './support/bundle-program.ts'
import type { BundledProgram } from './support/bundle-program.ts'
import { freePort } from './support/listen.ts'
import { namedLines } from './support/mcp-client-lines.ts'
import { startMcpRemote } from './support/mcp-remote.ts'
import { createMcpSession } from './support/mcp-session.ts'
import { createRawClient } from './support/raw-client.ts'
import { startApplicationAdmin } from './support/start-application-admin.ts'

const running: { stop(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of running.splice(0).toReversed()) await each.stop()
})

async function applicationAdmin(environment?: Readonly<Record<string, string>>) {
  const started = await startApplicationAdmin(environment)
  running.push(started)
  return started
}

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-interop-'))
  running.push({ stop: () => rm(folder, { recursive: true, force: true }) })
  return folder
}

interface DesktopConfig {
  readonly mcpServers: Readonly<Record<string, { command: string; args: readonly string[] }>>
}

/** Starts what a desktop application would start for a block of its configuration, without asking the registry for it. */
async function startDesktopServer(block: string, key: string, person: { name?: string; password?: string }) {
  const { command, args = [] } = (JSON.parse(block) as DesktopConfig).mcpServers[key] ?? {}
  const [yes, name, ...rest] = args
  expect([command, yes, name]).toEqual(['npx', '-y', 'mcp-remote'])
  const remote = await startMcpRemote(rest, { person })
  running.push(remote)
  return remote
}

describe('the guide', () => {
  // The callback port follows from the URL of the server, and something else may listen there.
  it('has a block for Claude Desktop that works as it stands', { retry: 1, timeout: 60_000 }, async () => {
    const { guide, person, origin } = await applicationAdmin()
    const { desktopConfig } = await guide()
    const remote = await startDesktopServer(desktopConfig, 'acme', person)
    await remote.initialize()
    expect(remote.authorizationUrls[0]?.searchParams.get('resource')).toBe(`${origin}/api/mcp`)
    expect(remote.browser.shown.map(({ kind }) => kind)).toEqual(['login', 'consent'])

    expect(await remote.call('get_applications', { owner: 'admin' })).toMatchObject([
      { name: 'app-built-in' },
      {},
      {},
    ])
    expect(await remote.call('get_application', { id: 'admin/my-app' })).toMatchObject({ name: 'my-app' })
    const application = {
      owner: 'admin',
      name: 'test-app',
      displayName: 'Test App',
      organization: 'my-org',
    }
    expect(await remote.call('add_application', { application })).toEqual(application)
    expect(await remote.call('get_users', { owner: 'my-org' })).toEqual(expect.any(Array))
  })

  it('names the product and the server as the settings say, and so do the pages', async () => {
    const { guide, mcp, origin } = await applicationAdmin({ PRODUCT_NAME: 'My <IAM>', SERVER_KEY: 'iam' })
    const { desktopConfig, claudeCode, html } = await guide()
    expect(Object.keys((JSON.parse(desktopConfig) as DesktopConfig).mcpServers)).toEqual(['iam'])
    expect(claudeCode).toBe(`claude mcp add --transport http iam ${mcp}`)
    expect(html).toContain('My &lt;IAM&gt;')

    const client = createRawClient(origin)
    await client.signIn(
      {
        client_id: 'claude-desktop-mcp',
        redirect_uri: 'http://127.0.0.1:4000/callback',
        scope: 'read:application',
      },
      { password: 'alice-demo-password' },
    )
    for (const page of client.browser.shown) expect(page.html).toContain('My &lt;IAM&gt;')
    expect(html).not.toContain('Acme')
    expect(client.browser.shown.map((page) => page.html).join('')).not.toContain('Acme')
  })
})

describe('after a restart on the same database', () => {
  it('tokens from before still count, refresh tokens work, and the browser stays signed in', async () => {
    const DATABASE = join(await temporaryFolder(), 'kept.db')
    const first = await applicationAdmin({ DATABASE })
    const parameters = {
      client_id: 'claude-desktop-mcp',
      redirect_uri: 'http://127.0.0.1:4000/callback',
      scope: 'read:application offline_access',
    }
    const client = createRawClient(first.origin)
    const tokens = await client.signIn(parameters, first.person)
    const keys = await (await fetch(`${first.origin}/jwks`)).json()
    await first.stop()

    const second = await applicationAdmin({ DATABASE, PORT: String(first.port) })
    expect(await (await fetch(`${second.origin}/jwks`)).json()).toEqual(keys)
    const authorization = `Bearer ${String(tokens.access_token)}`
    const list = { method: 'tools/list' }
    expect((await client.rpc(second.mcp, list, { authorization })).status).toBe(200)

    const refresh = () =>
      client.post('/token', {
        grant_type: 'refresh_token',
        refresh_token: String(tokens.refresh_token),
        client_id: 'claude-desktop-mcp',
      })
    const refreshed = await refresh()
    expect(refreshed).toMatchObject({ status: 200, json: { scope: 'read:application offline_access' } })
    const renewed = { authorization: `Bearer ${String(refreshed.json.access_token)}` }
    expect((await client.rpc(second.mcp, list, renewed)).status).toBe(200)

    await client.signIn(parameters)
    expect(client.browser.shown.map(({ kind }) => kind)).toEqual(['login', 'consent', 'consent'])

    // What is revoked now stays revoked after another restart.
    const revocation = { token: String(refreshed.json.refresh_token), client_id: 'claude-desktop-mcp' }
    expect((await client.post('/revoke', revocation)).status).toBe(200)
    await second.stop()
    const third = await applicationAdmin({ DATABASE, PORT: String(first.port) })
    expect((await client.rpc(third.mcp, list, renewed)).status).toBe(401)
    expect(await refresh()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })

  it.each(namedLines)('%s goes on with its registration and its tokens', async (_name, line) => {
    const DATABASE = join(await temporaryFolder(), 'kept.db')
    const first = await applicationAdmin({ DATABASE })
    const session = createMcpSession(line, first.mcp, { person: first.person })
    await session.connect()
    await session.call('get_applications', { owner: 'admin' })
    await first.stop()
    await applicationAdmin({ DATABASE, PORT: String(first.port) })
    expect(await session.call('get_applications', { owner: 'admin' })).toHaveLength(3)
    expect(session.browser.shown).toHaveLength(2)
    await session.close()
  })

  it('two servers that start at once on one database agree on the signing key', async () => {
    const DATABASE = join(await temporaryFolder(), 'shared.db')
    const PUBLIC_URL = 'http://127.0.0.1:3999'
    const [first, second] = await Promise.all([
      applicationAdmin({ DATABASE, PUBLIC_URL }),
      applicationAdmin({ DATABASE, PUBLIC_URL }),
    ])
    const keys = await Promise.all(
      [first, second].map(async ({ origin }) => (await fetch(`${origin}/jwks`)).json()),
    )
    expect(keys[0]).toEqual(keys[1])
  })
})

describe('the programs', () => {
  let main: BundledProgram
  let demo: BundledProgram

  beforeAll(async () => {
    ;[main, demo] = await Promise.all([bundleProgram('main'), bundleProgram('demo')])
  })
  afterAll(() => {
    main.remove()
    demo.remove()
  })

  it('the demo prints each step of a connection, and ends well', async () => {
    const { status, output } = await demo.start().outcome
    expect(status, output).toBe(0)
    const lines = output.split('\n').map((line) => line.trim())
    const expected = [
      /^A client connects to http:\/\/127\.0\.0\.1:\d+\/api\/mcp$/,
      /^POST \/api\/mcp .*→ {2}401$/,
      /^Bearer resource_metadata="http:\/\/127\.0\.0\.1:\d+\/\.well-known\/oauth-protected-resource\/api\/mcp", scope="read:application"$/,
      /^GET {2}\/\.well-known\/oauth-protected-resource\/api\/mcp {2}→ {2}200$/,
      /^GET {2}\/\.well-known\/oauth-authorization-server {2}→ {2}200$/,
      /^POST \/register .*→ {2}201$/,
      /^Login page: signed in as alice$/,
      /^Consent page: asked for read:application/,
      /^POST \/token .*grant_type=authorization_code.*→ {2}200$/,
      /^- get_applications$/,
      /^1\. app-built-in \(.+\)$/,
      /^POST \/api\/mcp {2}tools\/call add_application {2}→ {2}403$/,
      /^Bearer error="insufficient_scope".*scope="read:application/,
      /^Consent page: asked for read:application.*write:application/,
      /^POST \/api\/mcp {2}tools\/call add_application {2}→ {2}200$/,
      /^1\. test-app \(Test App\)$/,
      /^POST \/token .*grant_type=refresh_token.*→ {2}200$/,
      /^New access token: true; new refresh token: true$/,
      /^POST \/revoke .*→ {2}200$/,
      /^POST \/api\/mcp {2}tools\/list {2}→ {2}401$/,
      /^Done\.$/,
    ]
    // In this order, with anything between them.
    let from = 0
    for (const pattern of expected) {
      const index = lines.findIndex((line, position) => position >= from && pattern.test(line))
      expect(index, `${String(pattern)} is missing in:\n${output}`).toBeGreaterThanOrEqual(from)
      from = index + 1
    }
    // It shows no secret.
    expect(output).not.toMatch(/eyJ|code_verifier=|[?&]code=(?!…)|refresh_token=/)
  })

  it(
    'the main program tells how to connect, works that way, and stops cleanly',
    { retry: 1, timeout: 60_000 },
    async () => {
      const folder = await temporaryFolder()
      const port = await freePort()
      const environment = { PORT: String(port), DATA_DIR: folder, PRODUCT_NAME: 'My IAM', SERVER_KEY: 'iam' }
      const program = main.start(environment)
      running.push({
        async stop() {
          program.terminate()
          await program.outcome
        },
      })
      await program.printed(/Stop with Ctrl\+C/)
      const output = program.output()
      const origin = `http://127.0.0.1:${port}`
      expect(output).toContain(`My IAM is running at ${origin}`)
      expect(output).toContain(`claude mcp add --transport http iam ${origin}/api/mcp`)
      const [, name, password] = /Demo user +(\S+) +\(password: (\S+)\)/.exec(output) ?? []
      const block = /claude_desktop_config\.json\n([\s\S]*?\n {2}\})\n/.exec(output)?.[1] ?? ''
      const remote = await startDesktopServer(block, 'iam', { name: name ?? '', password: password ?? '' })
      await remote.initialize()
      expect(await remote.toolNames()).toContain('get_applications')
      await remote.stop()
      program.terminate()
      expect((await program.outcome).status).toBe(0)
    },
  )
})
