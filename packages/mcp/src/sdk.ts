/**
 * The registry behind `@modelcontextprotocol/sdk` (v1): every revision up to 2025-11-25.
 *
 * @module @gatewright/mcp/sdk
 */
import type { RequestHandler } from '@gatewright/core'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js'
import type { McpBinding, McpExchange } from './gate/binding.ts'
import { createMcpGate, type McpServerOptions } from './gate/mcp-gate.ts'
import { type Connection, progressNotification, serveOnce } from './gate/serve-once.ts'

export type { McpServerOptions } from './gate/mcp-gate.ts'
export type { CallLimit, RateLimitOptions } from './gate/rate-limit.ts'
export type { CallCounter } from './gate/call-counter.ts'

/**
 * Serves a registry as an MCP server, with its gate in front: mount it, and nothing else is needed.
 *
 * It answers at the path of the resource, and at the paths of the resource's metadata. It holds no sessions. Clients
 * that start with a newer revision are told, with a 400, to fall back to the handshake.
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

  function createServer(exchange: McpExchange): Server {
    const server = new Server(serverInfo, {
      capabilities: registry.capabilities(),
      ...(instructions === undefined ? {} : { instructions }),
    })
    server.fallbackRequestHandler = async ({ method, params = {} }, { signal, sendNotification }) =>
      exchange.answer(method, params, {
        signal,
        async progress(progress, total, message) {
          const notification = progressNotification(params, { progress, total, message })
          if (notification !== undefined) await sendNotification(notification)
        },
      })
    return server
  }
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
    modernVersions: [],
    serve: (exchange) => serveOnce(exchange, connect(exchange)),
  }
  return createMcpGate(options, binding)
}
