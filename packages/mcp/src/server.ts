/**
 * The registry behind `@modelcontextprotocol/server` (v2): revision 2026-07-28 and every earlier one, on one endpoint.
 *
 * @module @gatewright/mcp/server
 */
import type { RequestHandler } from '@gatewright/core'
import {
  createMcpHandler,
  Server,
  SUPPORTED_PROTOCOL_VERSIONS,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import type { McpBinding, McpExchange } from './gate/binding.ts'
import { eraOf } from './gate/era.ts'
import { createMcpGate, type McpServerOptions } from './gate/mcp-gate.ts'
import { authOf, type Connection, progressNotification, serveOnce } from './gate/serve-once.ts'

export type { McpServerOptions } from './gate/mcp-gate.ts'
export type { CallLimit, RateLimitOptions } from './gate/rate-limit.ts'
export type { CallCounter } from './gate/call-counter.ts'

/**
 * Serves a registry as an MCP server, with its gate in front: mount it, and nothing else is needed.
 *
 * It answers at the path of the resource, and at the paths of the resource's metadata. It holds no sessions, and
 * serves clients with a handshake and clients without one side by side.
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

  function createServer(exchange: McpExchange): Server {
    const server = new Server(serverInfo, {
      capabilities: registry.capabilities(),
      ...(instructions === undefined ? {} : { instructions }),
    })
    server.fallbackRequestHandler = async ({ method, params = {} }, { mcpReq }) =>
      exchange.answer(method, params, {
        signal: mcpReq.signal,
        async progress(progress, total, message) {
          const notification = progressNotification(params, { progress, total, message })
          if (notification !== undefined) await mcpReq.notify(notification)
        },
      })
    return server
  }
  const modern = createMcpHandler(
    ({ requestInfo }) => {
      const exchange = requestInfo && exchanges.get(requestInfo)
      if (exchange === undefined) throw new Error('a request has come around the gate')
      return createServer(exchange)
    },
    { legacy: 'reject' },
  )
  function connect(exchange: McpExchange): Connection {
    const server = createServer(exchange)
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
  }
  return createMcpGate(options, binding)
}
