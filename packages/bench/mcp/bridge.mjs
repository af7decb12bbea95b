import { defineScopes } from '@gatewright/core'
import { createToolRegistry } from '@gatewright/mcp'
import { createOpenApiBridge } from '@gatewright/mcp-bridge'
import { noCredential } from '@gatewright/token-exchange'

const answer = async () =>
  new Response('{"id":"7","name":"Alice"}', { headers: { 'content-type': 'application/json' } })
const document = {
  openapi: '3.1.0',
  info: { title: 'Users', version: '1.0.0' },
  paths: {
    '/users/{id}': {
      get: {
        operationId: 'getUser',
        summary: 'One user',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'the user' } },
      },
    },
  },
}

/** Opens a call of an OpenAPI operation: through the bridge, or by hand. The API answers at once. */
export function open({ byHand = false }) {
  if (byHand)
    return {
      async run() {
        const response = await answer(new Request(`https://api.example.com/users/${encodeURIComponent('7')}`))
        return JSON.stringify({ content: [{ type: 'text', text: await response.text() }] })
      },
    }
  const registry = createToolRegistry({
    scopes: defineScopes({ 'user:read': 'See users' }),
    onEvent: () => {},
  })
  const bridge = createOpenApiBridge({
    document,
    baseUrl: 'https://api.example.com',
    scopes: { getUser: ['user:read'] },
    authorization: noCredential(),
    runtime: { fetch: answer },
  })
  bridge.registerIn(registry)
  const [{ name }] = bridge.tools
  const caller = { subject: 'alice', clientId: 'app', scopes: Object.freeze(['user:read']) }
  const params = { name, arguments: { id: '7' } }
  const extra = {
    signal: new AbortController().signal,
    params,
    acceptsInputRequired: false,
    progress: async () => {},
  }
  return {
    async run() {
      const result = JSON.stringify(await registry.dispatch('tools/call', caller, extra))
      if (!result.includes('Alice')) throw new Error(`the bridge answered ${result}`)
    },
  }
}
