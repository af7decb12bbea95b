import type { GatewrightEvent, RequestHandler } from '@gatewright/core'
import { mcpServer as sdkServer, type McpServerOptions } from '../../src/sdk.ts'
import { mcpServer } from '../../src/server.ts'
import { resource, testResourceServer } from './issuer.ts'
import { testRegistry } from './registry.ts'

/** The two lines of the SDK; what is true of one must be true of the other. */
export const lines = [
  { line: 'sdk v1', create: sdkServer, modern: false },
  { line: 'server v2', create: mcpServer, modern: true },
] as const

export type Line = (typeof lines)[number]

/** A server on one of the lines, with all that it did. */
export function testApp(
  { create }: Pick<Line, 'create'>,
  options: Partial<McpServerOptions> & { resource?: string } = {},
) {
  const events: GatewrightEvent[] = []
  const revoked = new Set<string>()
  const { registry, done } = testRegistry(events)
  const { resource: url, ...rest } = options
  const resourceServer = testResourceServer({
    revoked,
    events,
    ...(url === undefined ? {} : { resource: url }),
  })
  const handler = create({ registry, resourceServer, name: 'applications', version: '1.0.0', ...rest })
  return { handler, events, revoked, done, registry, resourceServer }
}

/** Sends a request; a path that nobody answers fails the test. */
export async function send(
  handler: RequestHandler,
  init: RequestInit = {},
  url = resource,
): Promise<Response> {
  const response = await handler.handle(new Request(url, init), { ip: '192.0.2.1', requestId: 'r1' })
  if (response === undefined) throw new Error(`nothing answers ${url}`)
  return response
}

export const jsonHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
}

/** Posts a body as a client of the handshake era does. */
export function post(
  handler: RequestHandler,
  token: string | undefined,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return send(handler, {
    method: 'POST',
    headers: {
      ...jsonHeaders,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export const request = (method: string, params: unknown = {}, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})
export const call = (name: unknown, args: unknown = {}, id: unknown = 1) =>
  request('tools/call', { name, arguments: args }, id)

export const modernVersion = '2026-07-28'

/** The same request with the envelope of the modern era. */
export function withEnvelope(message: ReturnType<typeof request>, version: unknown = modernVersion) {
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  }
  const { _meta, ...params } = message.params as { _meta?: object }
  return { ...message, params: { ...params, _meta: { ...envelope, ..._meta } } }
}

/** Posts a request as a client of the modern era does. */
export function postModern(
  handler: RequestHandler,
  token: string | undefined,
  message: ReturnType<typeof request>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const params = message.params as { name?: unknown; uri?: unknown }
  const name = { 'tools/call': params.name, 'prompts/get': params.name, 'resources/read': params.uri }[
    message.method
  ]
  return post(handler, token, withEnvelope(message), {
    'mcp-protocol-version': modernVersion,
    'mcp-method': message.method,
    ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    ...headers,
  })
}

export interface RpcBody {
  readonly id?: unknown
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

export async function rpc(response: Response | Promise<Response>): Promise<RpcBody> {
  return (await (await response).json()) as RpcBody
}
