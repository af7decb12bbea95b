import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

export interface Message {
  readonly id?: number | string
  readonly method: string
  readonly params?: Record<string, unknown>
}

/** What reached the upstream. */
export interface Seen {
  readonly verb: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly message: Message | undefined
}

type Answer = (message: Message, response: ServerResponse, seen: Seen) => unknown

export const listAccounts = {
  name: 'listAccounts',
  description: 'Lists accounts',
  inputSchema: { type: 'object', properties: { limit: { type: 'integer' } } },
}

/**
 * An MCP server of the handshake era, written by hand, so that it can be as malicious as a test wants: what `answer` returns is the
 * result, and what it writes itself is sent as it is.
 */
export async function startUpstream() {
  const seen: Seen[] = []
  const state = {
    tools: [listAccounts] as unknown[],
    prompts: [] as unknown[],
    resources: [] as unknown[],
    templates: [] as unknown[],
    capabilities: { tools: { listChanged: true } } as Record<string, object>,
    answer: undefined as Answer | undefined,
    session: 's1' as string | undefined,
    streams: new Set<ServerResponse>(),
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const { method: verb = '', url = '', headers } = request
      const each = { verb, url, headers, message: text === '' ? undefined : (JSON.parse(text) as Message) }
      seen.push(each)
      void respond(each, response)
    })
  })

  async function respond(each: Seen, response: ServerResponse): Promise<void> {
    const { verb, message, headers } = each
    if (verb === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      state.streams.add(response)
      return
    }
    if (verb === 'DELETE') return void response.writeHead(200).end()
    if (message?.id === undefined) return void response.writeHead(202).end()
    if (
      message.method !== 'initialize' &&
      headers['mcp-session-id'] !== state.session &&
      message.method !== 'server/discover'
    )
      return void response.writeHead(404).end()
    const result = (await state.answer?.(message, response, each)) ?? usual(message)
    if (response.writableEnded || response.headersSent) return
    if (message.method === 'initialize' && state.session !== undefined)
      response.setHeader('mcp-session-id', state.session)
    response.setHeader('content-type', 'application/json')
    const body =
      result instanceof Error ? { error: { code: -32601, message: 'Method not found' } } : { result }
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...body }))
  }

  function usual({ method, params = {} }: Message): unknown {
    if (method === 'initialize')
      return {
        protocolVersion: '2025-06-18',
        capabilities: state.capabilities,
        serverInfo: { name: 'up', version: '1' },
      }
    if (method === 'tools/list') return { tools: state.tools }
    if (method === 'prompts/list') return { prompts: state.prompts }
    if (method === 'resources/list') return { resources: state.resources }
    if (method === 'resources/templates/list') return { resourceTemplates: state.templates }
    if (method === 'tools/call') return { content: [{ type: 'text', text: `called ${String(params.name)}` }] }
    return new Error('unknown')
  }

  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  afterAll(stop)
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    state,
    stop,
    start: () => listen(port),
    calls: () => seen.filter(({ message }) => message?.method === 'tools/call'),
    lists: () => seen.filter(({ message }) => message?.method === 'tools/list'),
    asked: (method: string) => seen.filter(({ message }) => message?.method === method),
    /** Sends a message to every client that listens. */
    push(message: object) {
      for (const stream of state.streams)
        stream.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`)
    },
    changed() {
      this.push({ method: 'notifications/tools/list_changed' })
    },
  }
}
