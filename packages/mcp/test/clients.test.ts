// The official clients, over a fetch that calls the handler.
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { describe, expect, it } from 'vitest'
import type { RequestHandler } from '@gatewright/core'
import { mint, resource } from './support/issuer.ts'
import { lines, testApp } from './support/app.ts'

const reader = await mint('read:application')
const admin = await mint('admin:application read:user')
const identity = { name: 'test', version: '1' }

function transportOptions(handler: RequestHandler, token: string) {
  const statuses: number[] = []
  return {
    statuses,
    options: {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
      fetch: async (input: string | URL | Request, init?: RequestInit) => {
        const response = await handler.handle(new Request(input, init))
        statuses.push(response?.status ?? 404)
        return response ?? new Response(null, { status: 404 })
      },
    },
  }
}

async function connectV1(handler: RequestHandler, token: string) {
  const { statuses, options } = transportOptions(handler, token)
  const client = new Client(identity)
  await client.connect(new StreamableHTTPClientTransport(new URL(resource), options))
  return { client, statuses }
}

async function connectV2(handler: RequestHandler, token: string, mode: 'auto' | 'legacy') {
  const { statuses, options } = transportOptions(handler, token)
  const client = new ModernClient(identity, { versionNegotiation: { mode } })
  await client.connect(new ModernTransport(new URL(resource), options))
  return { client, statuses }
}

const clients = [
  { name: 'sdk v1 client', connect: connectV1 },
  {
    name: 'v2 client, handshake',
    connect: (handler: RequestHandler, token: string) => connectV2(handler, token, 'legacy'),
  },
  {
    name: 'v2 client, negotiating',
    connect: (handler: RequestHandler, token: string) => connectV2(handler, token, 'auto'),
  },
]

describe.each(lines)('$line', (line) => {
  describe.each(clients)('with the $name', ({ connect }) => {
    it('lists and calls what the token is good for', async () => {
      const { handler } = testApp(line)
      const { client } = await connect(handler, reader)
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toEqual([
        'whoami',
        'get_application',
        'update_application',
        'boom',
        'sorry',
        'count',
        'wrong_output',
        'slow',
      ])
      expect(await client.callTool({ name: 'get_application', arguments: { id: 'x' } })).toMatchObject({
        content: [{ type: 'text', text: 'application x' }],
      })
      expect(await client.callTool({ name: 'count' })).toMatchObject({ structuredContent: { count: 3 } })
      expect(await client.callTool({ name: 'boom' })).toMatchObject({ isError: true })
      await client.close()
    })

    it('reads resources, gets prompts and completes their arguments', async () => {
      const { handler } = testApp(line)
      const { client } = await connect(handler, admin)
      expect((await client.listResources()).resources).toMatchObject([
        { uri: 'app://secrets' },
        { uri: 'app://broken' },
      ])
      expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([
        { name: 'application' },
      ])
      expect((await client.readResource({ uri: 'app://secrets' })).contents).toMatchObject([
        { text: 'a secret' },
      ])
      expect((await client.listPrompts()).prompts).toMatchObject([{ name: 'review' }])
      expect((await client.getPrompt({ name: 'review', arguments: { app: 'x' } })).messages).toHaveLength(1)
      const ref = { type: 'ref/prompt', name: 'review' } as const
      expect(
        (await client.complete({ ref, argument: { name: 'app', value: 'x' } })).completion.values,
      ).toEqual(['x-1', 'x-2'])
      await client.close()
    })

    it('hears of progress', async () => {
      const { handler } = testApp(line)
      const { client } = await connect(handler, reader)
      const heard: unknown[] = []
      const onprogress = (progress: unknown) => void heard.push(progress)
      const result =
        client instanceof Client
          ? await client.callTool({ name: 'slow' }, undefined, { onprogress })
          : await client.callTool({ name: 'slow' }, { onprogress })
      expect(result).toMatchObject({ content: [{ text: 'done' }] })
      expect(heard).toEqual([{ progress: 1, total: 2, message: 'half' }])
      await client.close()
    })

    it('gets a 403 for a tool that the token is not good for', async () => {
      const { handler, done } = testApp(line)
      const { client, statuses } = await connect(handler, reader)
      await expect(client.callTool({ name: 'update_application', arguments: { id: 'x' } })).rejects.toThrow()
      expect(statuses.at(-1)).toBe(403)
      expect(done).toEqual([])
      await client.close()
    })

    it('cannot connect without a token', async () => {
      const { handler } = testApp(line)
      await expect(connect(handler, '')).rejects.toThrow()
    })
  })
})

it('the negotiating client speaks 2026-07-28 where it can, and falls back where it cannot', async () => {
  for (const line of lines) {
    const { client } = await connectV2(testApp(line).handler, reader, 'auto')
    expect(client.getNegotiatedProtocolVersion()).toBe(line.modern ? '2026-07-28' : '2025-11-25')
    await client.close()
  }
})
