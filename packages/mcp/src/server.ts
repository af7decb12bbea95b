/**
 * The registry behind `@modelcontextprotocol/server` (v2): revision 2026-07-28 and every earlier one, on one endpoint.
 *
 * @module @gatewright/mcp/server
 */
import type { RequestHandler } from '@gatewright/core'
import {
  createMcpHandler,
  type McpServerFactory,
  Server,
  SUPPORTED_PROTOCOL_VERSIONS,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import type { McpBinding, McpExchange } from './gate/binding.ts'
import { eraOf } from './gate/era.ts'
import { openSession, type ExchangeOf } from './gate/session-connection.ts'
import { createMcpGate, type McpServerOptions } from './gate/mcp-gate.ts'
import type { StandardSchema } from './registry/standard-schema.ts'
import { authOf, type Connection, progressNotification, serveOnce } from './gate/serve-once.ts'

/** The answers of clients are for the tools to check. */
const anything: StandardSchema<unknown, Readonly<Record<string, unknown>>> = {
  '~standard': {
    version: 1,
    vendor: 'gatewright',
    validate: (value) => ({ value: value as Readonly<Record<string, unknown>> }),
  },
}

export type { McpServerOptions } from './gate/mcp-gate.ts'
export type { ConversationOptions } from './gate/conversations.ts'
export type { SessionOptions } from './gate/sessions.ts'
export type { StreamLimits } from './gate/streams.ts'
export type { CallLimit, RateLimitOptions } from './gate/rate-limit.ts'
export type { CallCounter } from './gate/call-counter.ts'

/**
 * Serves a registry as an MCP server, with its gate in front: mount it, and nothing else is needed.
 *
 * It answers at the path of the resource, and at the paths of the resource's metadata. It holds sessions
 * only where `sessions` asks for them, and serves clients with a handshake and clients without one side by side.
 *
 * @throws {TypeError} when an option is missing or malformed
 * @example
 * <!-- prelude
 * import type { ResourceServer } from '@gatewright/resource-server'
 * declare const registry: ToolRegistry
 * declare const resourceServer: ResourceServer
 * -->
 * ```ts
 * const handler = mcpServer({ registry, resourceServer, name: 'applications', version: '1.0.0' })
 * ```
 */
export function mcpServer(options: McpServerOptions): RequestHandler {
  const { registry, name, version, title, instructions } = options
  const serverInfo = { name, version, ...(title === undefined ? {} : { title }) }
  const exchanges = new WeakMap<object, McpExchange>()

  function createServer(exchangeOf: ExchangeOf, listChanged: boolean): Server {
    const server = new Server(serverInfo, {
      capabilities: registry.capabilities({ listChanged }),
      ...(instructions === undefined ? {} : { instructions }),
    })
    server.fallbackRequestHandler = async ({ method, params = {} }, { mcpReq, sessionId, http }) =>
      exchangeOf(http?.authInfo).answer(method, params, {
        signal: mcpReq.signal,
        // Without a session, the answer would come to another server object.
        ...(sessionId !== undefined && {
          ask: (asked, details) => mcpReq.send({ method: asked, params: { ...details } }, anything),
        }),
        async progress(progress, total, message) {
          const notification = progressNotification(params, { progress, total, message })
          if (notification !== undefined) await mcpReq.notify(notification)
        },
      })
    return server
  }
  const serverFor: McpServerFactory = ({ requestInfo }) => {
    const exchange = requestInfo && exchanges.get(requestInfo)
    if (exchange === undefined) throw new Error('a request has come around the gate')
    return createServer(() => exchange, true)
  }
  const modern = createMcpHandler(serverFor, { legacy: 'reject' })

  function connect(exchange: McpExchange): Connection {
    const server = createServer(() => exchange, false)
    const transport = new WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: !exchange.wantsProgress,
    })
    return {
      open: () => server.connect(transport),
      handle: (handlerOptions) => transport.handleRequest(exchange.request, handlerOptions),
      close: () => server.close(),
    }
  }
  const binding: McpBinding = {
    legacyVersions: SUPPORTED_PROTOCOL_VERSIONS,
    modernVersions: ['2026-07-28'],
    async serve(exchange) {
      const { request, body, messages } = exchange
      if (!messages.some((message) => eraOf(message, request.headers) === 'modern'))
        return serveOnce(exchange, connect(exchange))
      exchanges.set(request, exchange)
      return modern.fetch(request, { ...authOf(exchange), parsedBody: body })
    },
    openSession: (id, ended) =>
      openSession((exchangeOf) => {
        const server = createServer(exchangeOf, true)
        const transport = new WebStandardStreamableHTTPServerTransport({
          sessionIdGenerator: () => id,
          onsessionclosed: ended,
        })
        return { server, transport, connect: () => server.connect(transport) }
      }),
    async listen(exchange) {
      const { request, body } = exchange
      exchanges.set(request, exchange)
      // One handler per stream: its bus then speaks to one caller.
      const { fetch, notify, close } = createMcpHandler(serverFor, { legacy: 'reject' })
      return {
        response: await fetch(request, { ...authOf(exchange), parsedBody: body }),
        listChanged(method) {
          if (method === 'tools/list') notify.toolsChanged()
          else if (method === 'prompts/list') notify.promptsChanged()
          else notify.resourcesChanged()
        },
        close: () => void close().catch(() => {}),
      }
    },
  }
  return createMcpGate(options, binding)
}
