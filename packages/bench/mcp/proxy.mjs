import { createServer } from 'node:http'
import { defineScopes } from '@gatewright/core'
import { createToolRegistry } from '@gatewright/mcp'
import { createMcpProxy, streamableHttp } from '@gatewright/mcp-proxy'
import { noCredential } from '@gatewright/token-exchange'
import { readSimple, writeSimple } from '../authorization/plain-http.mjs'

const revision = '2025-11-25'
const answers = {
  initialize: () => ({
    protocolVersion: revision,
    capabilities: { tools: {} },
    serverInfo: { name: 'upstream', version: '1.0.0' },
  }),
  'tools/list': () => ({
    tools: [
      {
        name: 'getUser',
        description: 'One user',
        inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      },
    ],
  }),
  'tools/call': () => ({ content: [{ type: 'text', text: '{"id":"7","name":"Alice"}' }] }),
}

// The upstream is of the revision before: what it does not know is how a client tells.
function outcomeOf(method) {
  const answer = answers[method]
  return answer === undefined
    ? { error: { code: -32601, message: 'Method not found' } }
    : { result: answer() }
}

/** An upstream that answers at once. */
async function startUpstream() {
  const server = createServer((incoming, outgoing) => {
    void readSimple(incoming).then(({ method, body }) => {
      const { id, method: asked } = method === 'POST' ? JSON.parse(body) : {}
      if (id === undefined) return writeSimple(outgoing, { status: method === 'POST' ? 202 : 405, body: '' })
      return writeSimple(outgoing, {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id, ...outcomeOf(asked) }),
      })
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${server.address().port}/mcp`
}

/** Opens a call of an upstream's tool: through the proxy, or by hand. The upstream is in this process, and answers at once. */
export async function open({ byHand = false }) {
  const url = await startUpstream()
  if (byHand) {
    let count = 0
    return {
      async run() {
        const params = { name: 'getUser', arguments: { id: '7' } }
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            'mcp-protocol-version': revision,
          },
          body: JSON.stringify({ jsonrpc: '2.0', id: ++count, method: 'tools/call', params }),
        })
        const { result } = await response.json()
        if (!JSON.stringify(result).includes('Alice')) throw new Error('the upstream did not answer')
      },
    }
  }
  const scopes = defineScopes({ 'user:read': 'See users' })
  const registry = createToolRegistry({ scopes, onEvent: () => {} })
  const proxy = createMcpProxy({
    name: 'users',
    endpoint: streamableHttp(url, { allowPrivate: true }),
    prefix: 'up_',
    scopes: { getUser: ['user:read'] },
    authorization: noCredential(),
  })
  if (!(await proxy.registerIn(registry))) throw new Error('the upstream is not available')
  const caller = { subject: 'alice', clientId: 'app', scopes: Object.freeze(['user:read']) }
  const params = { name: 'up_getUser', arguments: { id: '7' } }
  const extra = {
    signal: new AbortController().signal,
    params,
    acceptsInputRequired: false,
    progress: async () => {},
  }
  return {
    async run() {
      const result = JSON.stringify(await registry.dispatch('tools/call', caller, extra))
      if (!result.includes('Alice')) throw new Error(`the proxy answered ${result}`)
    },
  }
}
