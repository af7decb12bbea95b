import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { readSettings } from '../src/settings.ts'
import { createTarget } from '../src/target.ts'

const seen: { url: string; authorization: string | undefined }[] = []
const spec = {
  openapi: '3.1.0',
  paths: { '/users': { get: { operationId: 'listUsers' }, post: { operationId: 'addUser' } } },
}
const tool = { name: 'echo', description: 'Echoes', inputSchema: { type: 'object' } }

/** An API with its document, and an MCP server of the handshake era beside it. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { url = '', headers, method } = request
    seen.push({ url, authorization: headers.authorization })
    response.setHeader('content-type', 'application/json')
    if (url === '/openapi.json') return void response.end(JSON.stringify(spec))
    if (url !== '/mcp') return void response.end('{"users":[]}')
    if (method !== 'POST') return void response.writeHead(405).end()
    const message = JSON.parse(Buffer.concat(chunks).toString()) as { id?: number; method: string }
    if (message.id === undefined) return void response.writeHead(202).end()
    const result = {
      initialize: {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'up', version: '1' },
      },
      'tools/list': { tools: [tool] },
      'tools/call': { content: [{ type: 'text', text: 'echo' }] },
    }[message.method]
    const answer = result === undefined ? { error: { code: -32601, message: 'unknown' } } : { result }
    return void response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer }))
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

it('the operations of BRIDGE_SPEC and the tools of PROXY_URL stand among the sample tools', async () => {
  const settings = readSettings({
    BRIDGE_SPEC: `${origin}/openapi.json`,
    BRIDGE_BASE_URL: origin,
    PROXY_URL: `${origin}/mcp`,
  })
  const target = createTarget(settings)
  const send = async (path: string, init: RequestInit) =>
    (
      await target.handle(new Request(settings.origin + path, { method: 'POST', ...init }), {
        ip: '127.0.0.1',
      })
    )?.json()
  const { access_token: token } = (await send('/token', {
    headers: { authorization: `Basic ${btoa('svc:svc-secret')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: `${settings.origin}/mcp` }),
  })) as { access_token: string }
  const rpc = async (method: string, params: object) =>
    send('/mcp', {
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
  const { result } = (await rpc('tools/list', {})) as { result: { tools: { name: string }[] } }
  const names = result.tools.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['get_applications', 'my_api_listUsers', 'up_echo']))
  // It takes write:application, which this client cannot have.
  expect(names).not.toContain('my_api_addUser')
  expect(await rpc('tools/call', { name: 'my_api_listUsers', arguments: {} })).toMatchObject({
    result: { structuredContent: { users: [] } },
  })
  expect(await rpc('tools/call', { name: 'up_echo', arguments: {} })).toMatchObject({
    result: { content: [{ text: 'echo' }] },
  })
  expect(seen.some(({ authorization }) => authorization === 'Bearer credential-of-the-target')).toBe(true)
  expect(JSON.stringify(seen)).not.toContain(token)
})
