import { defineScopes, type GatewrightEvent } from '@gatewright/core'
import { createToolRegistry, type Caller, type CallToolResult } from '@gatewright/mcp'
import { noCredential } from '@gatewright/token-exchange'
import { afterEach } from 'vitest'
import { createMcpProxy, streamableHttp, type McpProxyOptions } from '../../src/index.ts'

const scopes = defineScopes({ 'ledger:read': 'See accounts', 'ledger:write': 'Move money' })

export const alice: Caller = {
  subject: 'alice',
  clientId: 'claude-public',
  scopes: ['ledger:read', 'ledger:write'],
  token: 'the-token-of-alice-for-the-gateway',
  expiresAt: Number.MAX_SAFE_INTEGER,
}
export const bob: Caller = { ...alice, subject: 'bob', token: 'the-token-of-bob' }

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** A registry with one proxied upstream, and a way to call its tools as a client would. */
export async function proxied(url: string, options: Partial<McpProxyOptions> = {}) {
  const events: GatewrightEvent[] = []
  const registry = createToolRegistry({ scopes, onEvent: (event) => events.push(event) })
  const proxy = createMcpProxy({
    name: 'ledger',
    endpoint: streamableHttp(url, { allowPrivate: true }),
    prefix: 'up_',
    scopes: { listAccounts: ['ledger:read'], transfer: ['ledger:write'] },
    authorization: noCredential(),
    timeout: 5,
    backoff: [0.05, 0.1],
    ...options,
  })
  open.push(() => proxy.close())
  const available = await proxy.registerIn(registry)

  /** Asks the registry as the gate does. */
  async function ask(
    method: string,
    asked: Record<string, unknown>,
    {
      caller = alice,
      signal = new AbortController().signal,
      meta = {},
      progress = async () => {},
    }: CallOptions = {},
  ) {
    const params = { ...asked, _meta: meta }
    const request = new Request('https://gateway.example.com/mcp', {
      method: 'POST',
      headers: { authorization: `Bearer ${caller.token}`, cookie: 'session=1', 'x-request-id': 'r1' },
    })
    const extra = { signal, request, params, acceptsInputRequired: true, progress }
    return registry.dispatch(method, caller, extra)
  }
  const call = async (tool = 'up_listAccounts', args: unknown = {}, options: CallOptions = {}) =>
    (await ask('tools/call', { name: tool, arguments: args }, options)) as unknown as CallToolResult
  const names = (caller: Caller | undefined = alice) =>
    registry.visibleTo(caller).tools.map(({ name }) => name)
  const types = () => events.map(({ type, reason }) => (reason === undefined ? type : `${type} ${reason}`))
  return { registry, proxy, available, events, types, ask, call, names }
}

interface CallOptions {
  readonly caller?: Caller
  readonly signal?: AbortSignal
  readonly meta?: Record<string, unknown>
  readonly progress?: (progress: number, total?: number, message?: string) => Promise<void>
}

export const said = ({ content: [first] }: CallToolResult) =>
  first?.type === 'text' ? first.text : JSON.stringify(first)

/** Waits until something is so; the test's own time ends it. */
export async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setImmediate(resolve))
}
