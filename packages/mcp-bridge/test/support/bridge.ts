import { defineScopes, type GatewrightEvent } from '@gatewright/core'
import { createToolRegistry, type Caller, type CallToolResult } from '@gatewright/mcp'
import { noCredential } from '@gatewright/token-exchange'
import { createOpenApiBridge, type JsonObject, type OpenApiBridgeOptions } from '../../src/index.ts'

const scopes = defineScopes({ 'user:read': 'See users', 'user:write': 'Change users' })

export const alice: Caller = {
  subject: 'alice',
  clientId: 'claude-public',
  scopes: ['user:read', 'user:write'],
  token: 'the-token-of-alice-for-the-gateway',
  expiresAt: Number.MAX_SAFE_INTEGER,
}

/** A document of one path with one operation, `op`. */
export function documentOf(
  path: string,
  operation: JsonObject,
  more: JsonObject = {},
  method = 'get',
): JsonObject {
  return {
    openapi: '3.1.0',
    info: { title: 'x', version: '1' },
    paths: { [path]: { [method]: { operationId: 'op', ...operation } } },
    ...more,
  }
}

export const textParameter = (name: string, place: string, more: object = {}) => ({
  name,
  in: place,
  required: place === 'path',
  schema: { type: 'string' },
  ...more,
})

/** A bridge in a registry, and a way to call it as a client would. */
export function bridgeTo(
  baseUrl: string,
  document: JsonObject | string,
  options: Partial<OpenApiBridgeOptions> = {},
) {
  const events: GatewrightEvent[] = []
  const bridge = createOpenApiBridge({
    document,
    baseUrl,
    prefix: 'my_api_',
    scopes: () => ['user:read'],
    authorization: noCredential(),
    allowPrivate: true,
    ...options,
  })
  const registry = createToolRegistry({ scopes, onEvent: (event) => events.push(event) })
  bridge.registerIn(registry)
  async function call(
    args: unknown = {},
    { tool = 'my_api_op', caller = alice, signal = new AbortController().signal, headers = {} } = {},
  ) {
    const params = { name: tool, arguments: args }
    const request = new Request('https://gateway.example.com/mcp', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${caller.token}`,
        cookie: 'session=1',
        'x-request-id': 'r1',
        ...headers,
      },
    })
    const extra = { signal, request, params, acceptsInputRequired: false, progress: async () => {} }
    const result = await registry.dispatch('tools/call', caller, extra)
    return result as unknown as CallToolResult
  }
  const said = ({ content: [first] }: CallToolResult) =>
    first?.type === 'text' ? first.text : JSON.stringify(first)
  return { bridge, registry, events, call, said }
}
