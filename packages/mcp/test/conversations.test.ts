import { defaultRuntime, defineScopes } from '@gatewright/core'
import type { AccessToken } from '@gatewright/resource-server'
import { describe, expect, it } from 'vitest'
import type { McpBinding, McpExchange, SessionConnection } from '../src/gate/binding.ts'
import { createConversations } from '../src/gate/conversations.ts'
import type { Message } from '../src/gate/message.ts'
import { createToolRegistry } from '../src/index.ts'

const caller = {
  issuer: 'https://a.example',
  subject: 'alice',
  clientId: 'app',
  scopes: new Set(['read']),
  expiresAt: Date.now() + 60_000,
} as unknown as AccessToken
const url = 'https://api.example/mcp'
const call: Message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: {} } as Message
const exchangeOf = (request: Request, messages: readonly Message[]) =>
  ({ request, messages }) as unknown as McpExchange

/** Conversations with one place per caller, at a binding whose streams and sessions come to nothing. */
function conversations(binding: Partial<McpBinding>) {
  const registry = createToolRegistry({ scopes: defineScopes({ read: 'Read' }) })
  const options = { sessions: true, streams: { perCaller: 1 } }
  return createConversations(registry, binding as McpBinding, options, defaultRuntime)
}

function failingSession() {
  const connection: SessionConnection = {
    serve: () => Promise.reject(new Error('the transport is gone')),
    listChanged: () => undefined,
    close: async () => undefined,
  }
  let id = ''
  const openSession = async (given: string) => {
    id = given
    return connection
  }
  return { all: conversations({ legacyVersions: ['2025-11-25'], openSession }), id: () => id }
}

describe('DS-11 the only place of a caller is given up', () => {
  it('when a stream of news cannot be opened', async () => {
    const listen = { ...call, method: 'subscriptions/listen' }
    const all = conversations({ listen: () => Promise.reject(new Error('no stream')) })
    const attempt = () => all.listen(exchangeOf(new Request(url), [listen]), listen, caller)
    await expect(attempt()).rejects.toThrow('no stream')
    await expect(attempt()).rejects.toThrow('no stream')
  })

  it('where the SDK knows no streams of news', async () => {
    const listen = { ...call, method: 'subscriptions/listen' }
    const all = conversations({})
    const attempt = () => all.listen(exchangeOf(new Request(url), [listen]), listen, caller)
    expect(await attempt()).toBeUndefined()
    expect(await attempt()).toBeUndefined()
  })

  it('when the connection of a session fails, with a call and while it waits for news', async () => {
    const { all, id } = failingSession()
    const begin = { ...call, method: 'initialize' }
    const session = await all.sessionOf(new Request(url, { method: 'POST' }), caller, [begin])
    if (session === undefined) throw new Error('there is no session')
    const headers = { 'mcp-session-id': id() }
    const ask = () => all.inSession(session, exchangeOf(new Request(url, { headers }), [call]), caller)
    const wait = () => all.withoutBody(new Request(url, { headers }), caller)
    for (const attempt of [ask, ask, wait, wait, ask])
      await expect(attempt()).rejects.toThrow('the transport is gone')
  })
})
