// An MCP server over stdio: newline-delimited JSON-RPC, of the handshake era.
import { createInterface } from 'node:readline'

const tools = ['environment', 'die'].map((name) => ({
  name,
  description: name,
  inputSchema: { type: 'object' },
}))

function answer({ method, params }) {
  if (method === 'initialize')
    return {
      result: {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 's', version: '1' },
      },
    }
  if (method === 'tools/list') return { result: { tools } }
  if (method === 'tools/call' && params.name === 'die') process.exit(1)
  if (method === 'tools/call')
    return { result: { content: [{ type: 'text', text: JSON.stringify(process.env) }] } }
  return { error: { code: -32601, message: 'Method not found' } }
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line)
  if (message.id !== undefined && message.method !== undefined)
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer(message) })}\n`)
}
