// Proxy, stored tokens, providers and vault together: whose token an upstream gets, and what reaches the clients when it changes.
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startLinkedGateway } from './support/linked-gateway.ts'

const running: { stop(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of running.splice(0).toReversed()) await each.stop()
})

async function linkedGateway() {
  const started = await startLinkedGateway()
  running.push(started)
  return started
}

type Gateway = Awaited<ReturnType<typeof linkedGateway>>

const bearer = (token: string) => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } })

/** Connects with a session, by the handshake of 2025. */
async function connect({ mcp }: Gateway, token: string, onChanged: () => void = () => {}) {
  const client = new Client(
    { name: 'client', version: '1' },
    { listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged } } },
  )
  const transport = new StreamableHTTPClientTransport(new URL(mcp), bearer(token))
  await client.connect(transport)
  running.push({ stop: () => client.close() })
  expect(transport.sessionId).toEqual(expect.any(String))
  return client
}

/** Connects without a handshake, as from 2026 on. */
async function connectModern({ mcp }: Gateway, token: string, onChanged: () => void = () => {}) {
  const client = new ModernClient(
    { name: 'client', version: '1' },
    {
      versionNegotiation: { mode: 'auto' },
      listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged } },
    },
  )
  await client.connect(new ModernTransport(new URL(mcp), bearer(token)))
  running.push({ stop: () => client.close() })
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28')
  return client
}

/** The credentials of the calls that reached the upstream. */
const credentials = ({ upstream }: Gateway) => upstream.calls().map(({ headers }) => headers.authorization)
const redemptions = ({ up }: Gateway) => up.requests.filter(({ url }) => url.pathname === '/token').length

describe('a user’s link to an upstream', () => {
  it('is that user’s: each is called for with a token of their own', async () => {
    const gateway = await linkedGateway()
    for (const user of ['alice', 'bob'] as const) {
      const client = await connect(gateway, await gateway.person(user).signIn())
      expect(await client.callTool({ name: 'up_listAccounts', arguments: {} })).not.toHaveProperty('isError')
    }
    const [ofAlice, ofBob] = await Promise.all([
      gateway.vault.accessToken('alice', 'up'),
      gateway.vault.accessToken('bob', 'up'),
    ])
    expect(credentials(gateway)).toEqual([`Bearer ${ofAlice}`, `Bearer ${ofBob}`])
    expect(ofAlice).not.toBe(ofBob)
  })

  it('PX-15 cannot be completed by bob, who is signed in, with the callback of alice', async () => {
    const gateway = await linkedGateway()
    const [alice, bob] = [gateway.person('alice'), gateway.person('bob')]
    const tokenOfBob = await bob.signIn()
    const before = await gateway.vault.accessToken('bob', 'up')
    const { callback, verifier } = await alice.signInAtProvider()
    const asked = redemptions(gateway)

    await expect(bob.open(callback)).rejects.toThrow('the browser stays on this page')
    expect(redemptions(gateway)).toBe(asked)
    await expect(gateway.vault.accessToken('alice', 'up')).rejects.toThrow('sign in')
    expect(await gateway.vault.accessToken('bob', 'up')).toBe(before)
    await (await connect(gateway, tokenOfBob)).callTool({ name: 'up_listAccounts', arguments: {} })
    expect(credentials(gateway)).toEqual([`Bearer ${before}`])

    // The attempt has taken nothing from alice, and what she completes is hers.
    const tokenOfAlice = await alice.redeem(await alice.open(callback), verifier)
    await (await connect(gateway, tokenOfAlice)).callTool({ name: 'up_listAccounts', arguments: {} })
    expect(credentials(gateway).at(-1)).toBe(`Bearer ${await gateway.vault.accessToken('alice', 'up')}`)
    expect(await gateway.vault.accessToken('bob', 'up')).toBe(before)
  })

  it.each(['before', 'after'])(
    'PX-15 is not replaced by bob’s account when alice opens a callback of bob %s she signed in',
    async (when) => {
      const gateway = await linkedGateway()
      const [alice, bob] = [gateway.person('alice'), gateway.person('bob')]
      const pending = when === 'before' ? await alice.signInAtProvider() : undefined
      if (pending === undefined) await alice.signIn()
      const asked = redemptions(gateway)
      const { callback } = await bob.signInAtProvider()
      await expect(alice.open(callback)).rejects.toThrow('the browser stays on this page')
      expect(redemptions(gateway)).toBe(asked)
      await expect(gateway.vault.accessToken('bob', 'up')).rejects.toThrow('sign in')
    },
  )

  it('that is missing ends in an error of the tool, and the upstream hears nothing', async () => {
    const gateway = await linkedGateway()
    const client = await connect(gateway, await gateway.person('alice').signIn())
    await gateway.vault.end({ subject: 'alice', provider: 'up' })
    expect(await client.callTool({ name: 'up_listAccounts', arguments: {} })).toMatchObject({ isError: true })
    expect(gateway.upstream.calls()).toEqual([])
  })
})

describe('a change of the upstream’s tools', () => {
  it.each([
    { how: 'in a session', open: connect },
    { how: 'that listens without a session', open: connectModern },
  ])('PX-12 reaches a client $how, which then sees the new list', async ({ open }) => {
    const gateway = await linkedGateway()
    const seen: string[][] = []
    const token = await gateway.person('alice').signIn()
    const names = async () => (await client.listTools()).tools.map(({ name }) => name)
    const client = await open(gateway, token, () => void names().then((list) => seen.push(list)))
    expect(await names()).toEqual(['up_listAccounts'])

    const { state } = gateway.upstream
    const transfer = { name: 'transfer', description: 'Moves money', inputSchema: { type: 'object' } }
    state.tools = [...(state.tools as object[]), transfer, { ...transfer, name: 'notAllowed' }] as never
    await vi.waitFor(() => expect(state.streams.size).toBeGreaterThan(0))
    gateway.upstream.changed()
    await vi.waitFor(() => expect(seen.at(-1)).toEqual(['up_listAccounts', 'up_transfer']), 5000)

    state.tools = [transfer] as never
    gateway.upstream.changed()
    await vi.waitFor(() => expect(seen.at(-1)).toEqual(['up_transfer']), 5000)
  })
})
