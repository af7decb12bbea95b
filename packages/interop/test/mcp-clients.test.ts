// The official MCP clients, against both lines of the SDK on the server.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { mcpClientLines, namedLines } from './support/mcp-client-lines.ts'
import { createMcpSession } from './support/mcp-session.ts'
import { startTarget } from './support/start-target.ts'
import type { RunningTarget } from './support/start-target.ts'

const forReaders = ['whoami', 'get_applications', 'get_application', 'update_application', 'boom', 'ask']
const forWriters = [...forReaders.slice(0, 3), 'add_application', 'update_application', 'boom', 'ask']
const change = { id: 'admin/my-app', application: { displayName: 'Changed' } }

// The v2 client warns about every token that it throws away.
beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterAll(() => vi.restoreAllMocks())

describe.each([
  { MCP_SDK: 'v1', ACCESS_TOKEN_FORMAT: 'jwt' },
  { MCP_SDK: 'v2', ACCESS_TOKEN_FORMAT: 'jwt' },
  { MCP_SDK: 'v2', ACCESS_TOKEN_FORMAT: 'opaque' },
])('on a server with MCP SDK $MCP_SDK and $ACCESS_TOKEN_FORMAT access tokens', (switches) => {
  let target: RunningTarget

  beforeAll(async () => {
    target = await startTarget(switches)
  })
  afterAll(() => target.stop())

  describe.each(namedLines)('%s', (_name, line) => {
    it('discovers, registers, sends the user to sign in, and lists what was granted', async () => {
      const session = createMcpSession(line, target.mcp)
      await session.connect()
      const first = session.exchanges.slice(0, 4).map(({ path, status }) => `${path} ${status}`)
      expect(first).toEqual([
        '/mcp 401',
        '/.well-known/oauth-protected-resource/mcp 200',
        '/.well-known/oauth-authorization-server 200',
        '/register 201',
      ])
      expect(session.browser.shown.map(({ kind }) => kind)).toEqual(['login', 'consent'])
      expect(session.provider.state.tokens?.scope?.split(' ')).toContain('read:application')
      expect(await session.toolNames()).toEqual(forReaders)
      expect(await session.call('whoami')).toMatchObject({
        sub: 'alice',
        client_id: session.provider.state.client?.client_id,
      })
      expect(await session.call('get_application', { id: 'admin/app-built-in' })).toMatchObject({
        displayName: 'Casdoor',
      })
      await expect(session.call('boom')).rejects.toThrow(/^(?!.*secret)/s)
      await session.close()
    })

    it('is refused with 403, asks the user for more, keeps what it had, and repeats the call', async () => {
      const session = createMcpSession(line, target.mcp, { refresh: line.stepsUpWithRefreshToken })
      await session.connect()
      const before = session.provider.state.client?.client_id
      expect(await session.call('update_application', change)).toMatchObject({ displayName: 'Changed' })
      const refused = session.exchanges.find(({ status }) => status === 403)
      expect(refused?.challenge).toContain('scope="read:application write:application"')
      expect(session.browser.shown.at(-1)?.scopes).toEqual(
        expect.arrayContaining(['read:application', 'write:application']),
      )
      expect(session.provider.state.client?.client_id).toBe(before)
      expect(await session.toolNames()).toEqual(forWriters)

      // A hidden tool can be called by its name, and leads to the same question.
      expect(await session.call('delete_application', { application: { owner: 'x', name: 'y' } })).toEqual({
        deleted: false,
      })
      await session.close()
    })

    it('uses resources, prompts and completion as far as its scopes go', async () => {
      const session = createMcpSession(line, target.mcp, { refresh: line.stepsUpWithRefreshToken })
      await session.connect()
      const { client } = session
      expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([
        { uriTemplate: 'app://{owner}/{name}' },
      ])
      const { contents } = await client.readResource({ uri: 'app://admin/app-built-in' })
      expect(contents).toMatchObject([
        { mimeType: 'application/json', text: expect.stringContaining('Casdoor') },
      ])
      expect((await client.listPrompts()).prompts).toEqual([])

      const prompt = { name: 'review', arguments: { name: 'my-app' } }
      expect((await session.run(() => client.getPrompt(prompt))).messages).toMatchObject([
        { content: { text: 'Review the application my-app.' } },
      ])
      expect((await client.listPrompts()).prompts).toMatchObject([{ name: 'review' }])
      const completion = await client.complete({
        ref: { type: 'ref/prompt', name: 'review' },
        argument: { name: 'name', value: 'app' },
      })
      expect(completion.completion.values).toEqual(['app-built-in'])
      await session.close()
    })

    it('signs in again when its grant was revoked', async () => {
      const session = createMcpSession(line, target.mcp)
      await session.connect()
      const { client, tokens } = session.provider.state
      const body = new URLSearchParams({
        token: tokens?.refresh_token ?? '',
        client_id: client?.client_id ?? '',
      })
      await fetch(`${target.issuer}/revoke`, { method: 'POST', body })
      expect(await session.call('whoami')).toMatchObject({ sub: 'alice' })
      expect(session.browser.shown.map(({ kind }) => kind)).toEqual(['login', 'consent', 'consent'])
      expect(session.provider.state.client?.client_id).toBe(client?.client_id)
      await session.close()
    })
  })
})

it('the negotiating client speaks 2026-07-28 where the server does, the others shake hands', async () => {
  const versions = await Promise.all(
    ['v1', 'v2'].map(async (sdk) => {
      const target = await startTarget({ MCP_SDK: sdk })
      const sessions = mcpClientLines.map((line) => createMcpSession(line, target.mcp))
      for (const session of sessions) await session.connect()
      const spoken = sessions.map((session) => session.protocolVersion())
      for (const session of sessions) await session.close()
      await target.stop()
      return spoken
    }),
  )
  expect(versions).toEqual([
    ['2025-11-25', '2025-11-25', '2025-11-25'],
    ['2025-11-25', '2025-11-25', '2026-07-28'],
  ])
})

it('every client refreshes an expired token by itself, also for several calls at once', async () => {
  const target = await startTarget({ ACCESS_TOKEN_TTL: '2' })
  const sessions = mcpClientLines.map((line) => createMcpSession(line, target.mcp))
  for (const session of sessions) await session.connect()
  await wait(2100)
  for (const session of sessions) {
    const answers = await Promise.all([1, 2, 3].map(() => session.call('whoami')))
    expect(answers).toMatchObject([{ sub: 'alice' }, { sub: 'alice' }, { sub: 'alice' }])
    expect(session.browser.shown).toHaveLength(2)
    const refreshes = session.exchanges.filter(({ form }) => form.get('grant_type') === 'refresh_token')
    expect(refreshes.map(({ status }) => status)).toEqual(refreshes.map(() => 200))
    expect(refreshes.length).toBeGreaterThan(0)
    await session.close()
  }
  expect((await target.events()).filter(({ type }) => type === 'grant.revoked')).toEqual([])
  await target.stop()
})

it.each(namedLines)('%s registers again when the server has forgotten it', async (_name, line) => {
  const first = await startTarget({}, { keepAlive: false })
  const session = createMcpSession(line, first.mcp)
  await session.connect()
  // The stream that older revisions open beside is answered first: asked for again at the second server, it would register as well.
  if (session.protocolVersion() !== '2026-07-28')
    await vi.waitFor(() =>
      expect(session.exchanges).toContainEqual(expect.objectContaining({ method: 'GET', path: '/mcp' })),
    )
  await first.stop()
  const second = await startTarget({ PORT: String(first.port) })
  expect(await session.call('whoami')).toMatchObject({ sub: 'alice' })
  // Whoever registers alike gets the same id again.
  const registrations = (await second.events()).filter(({ type }) => type === 'client.registered')
  expect(registrations).toMatchObject([{ clientId: session.provider.state.client?.client_id }])
  await session.close()
  await second.stop()
})

it.each(namedLines)('%s finds its way to an issuer with a path', async (_name, line) => {
  const target = await startTarget({ MOUNT: '/tenant1', ADAPTER: 'express' })
  const session = createMcpSession(line, target.mcp)
  await session.connect()
  expect(await session.toolNames()).toEqual(forReaders)
  await session.close()
  await target.stop()
})

it.each(namedLines)('%s works with a client id that was registered beforehand', async (_name, line) => {
  const target = await startTarget({ DCR: 'off' })
  const session = createMcpSession(line, `${target.origin}/api/mcp`, {
    registered: { client_id: 'claude-desktop-mcp', issuer: target.issuer },
    redirectUri: 'http://localhost:49152/oauth/callback',
  })
  await session.connect()
  expect(await session.call('whoami')).toMatchObject({ client_id: 'claude-desktop-mcp' })
  await session.close()
  await target.stop()
})

it('a user who is not entitled to a scope cannot step up, and the client is not sent in circles', async () => {
  const target = await startTarget()
  for (const line of mcpClientLines) {
    const session = createMcpSession(line, target.mcp, {
      person: { name: 'carol' },
      refresh: line.stepsUpWithRefreshToken,
    })
    await session.connect()
    await expect(session.call('update_application', change)).rejects.toThrow()
    expect(session.exchanges.filter(({ status }) => status === 403).length).toBeLessThanOrEqual(2)
    // What was granted is untouched.
    expect(await session.call('get_applications', { owner: 'admin' })).toHaveLength(3)
    await session.close()
  }
  await target.stop()
})

it.each(namedLines)(
  '%s goes on with what it has when the user declines to give more',
  async (_name, line) => {
    const target = await startTarget()
    const session = createMcpSession(line, target.mcp, {
      person: { allow: (offered) => !offered.includes('write:application') && offered },
      refresh: line.stepsUpWithRefreshToken,
    })
    await session.connect()
    await expect(session.call('update_application', change)).rejects.toThrow(/denied/)
    expect(await session.call('get_applications', { owner: 'admin' })).toHaveLength(3)
    expect(await session.toolNames()).toEqual(forReaders)
    await session.close()
    await target.stop()
  },
)

it('the v1 client cannot step up while it holds a refresh token, and keeps working with what it has', async () => {
  const target = await startTarget()
  const [v1] = mcpClientLines
  if (v1 === undefined) throw new Error('there is no v1 client')
  const session = createMcpSession(v1, target.mcp)
  await session.connect()
  // It refreshes instead of asking the user, and gives up; no answer of a server can change that.
  await expect(session.call('update_application', change)).rejects.toThrow('403 after trying upscoping')
  expect(await session.toolNames()).toEqual(forReaders)
  await session.close()
  await target.stop()
})
