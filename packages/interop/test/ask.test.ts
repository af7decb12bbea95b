// A tool that needs one more answer of the user, with the clients that others wrote.
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, it } from 'vitest'
import { mcpClientLines } from './support/mcp-client-lines.ts'
import { createMcpSession } from './support/mcp-session.ts'
import { startTarget } from './support/start-target.ts'

const identity = { name: 'interop', version: '1.0.0' }
const capabilities = { elicitation: { form: {} } }
const ask = { name: 'ask', arguments: {} }

async function tokenOf(mcp: string, name: string): Promise<string> {
  const [line] = mcpClientLines
  if (line === undefined) throw new Error('there is no client')
  const session = createMcpSession(line, mcp, { person: { name } })
  await session.connect()
  await session.close()
  return session.provider.state.tokens?.access_token ?? ''
}

const withToken = (token: string) => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } })

it.each(['v1', 'v2'])('2025-11-25: the tool asks within the session, on SDK %s', async (sdk) => {
  const target = await startTarget({ MCP_SDK: sdk, MCP_SESSIONS: 'on' })
  const client = new ClientV1(identity, { capabilities })
  const asked: string[] = []
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params.message)
    return asked.length === 1 ? { action: 'accept', content: { colour: 'red' } } : { action: 'decline' }
  })
  await client.connect(new TransportV1(new URL(target.mcp), withToken(await tokenOf(target.mcp, 'alice'))))
  expect(await client.callTool(ask)).toMatchObject({ content: [{ text: 'alice likes red' }] })
  expect(await client.callTool(ask)).toMatchObject({ isError: true })
  expect(asked).toEqual(['What is your favourite colour?', 'What is your favourite colour?'])
  await client.close()
  await target.stop()
})

it('2026-07-28: the tool asks by its result, and takes the answer only with the state of the same caller', async () => {
  const target = await startTarget()
  const [alice, bob] = [await tokenOf(target.mcp, 'alice'), await tokenOf(target.mcp, 'bob')]
  const sent: string[] = []
  const client = new ClientV2(identity, { capabilities, versionNegotiation: { mode: 'auto' } })
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { colour: 'blue' } }))
  const recording: typeof fetch = (input, init) => {
    if (typeof init?.body === 'string' && init.body.includes('"requestState"')) sent.push(init.body)
    return fetch(input, init)
  }
  await client.connect(new TransportV2(new URL(target.mcp), { ...withToken(alice), fetch: recording }))
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28')
  expect(await client.callTool(ask)).toMatchObject({ content: [{ text: 'alice likes blue' }] })
  await client.close()

  const replay = async (token: string, body: string | undefined) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'ask',
    }
    return (await fetch(target.mcp, { method: 'POST', headers, body: body ?? '' })).json()
  }
  expect(sent).toHaveLength(1)
  expect(await replay(alice, sent[0])).toMatchObject({ result: { content: [{ text: 'alice likes blue' }] } })
  const refused = { error: { code: -32602, message: 'The request state is not valid' } }
  expect(await replay(bob, sent[0])).toMatchObject(refused)
  expect(await replay(alice, sent[0]?.replace(/"requestState":"./, '$&x'))).toMatchObject(refused)
  await target.stop()
})

it('says why it cannot ask where there is no session', async () => {
  const target = await startTarget()
  const [line] = mcpClientLines
  if (line === undefined) throw new Error('there is no client')
  const session = createMcpSession(line, target.mcp)
  await session.connect()
  await expect(session.call('ask')).rejects.toThrow('it has no session')
  await session.close()
  await target.stop()
})
