/**
 * The registry behind `@modelcontextprotocol/sdk` (v1): every revision up to 2025-11-25.
 *
 * @module @gatewright/mcp/sdk
 */
import type { RequestHandler } from '@gatewright/core'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { ResultSchema, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js'
import type { McpBinding, McpExchange } from './gate/binding.ts'
import type { AskClient } from './registry/caller.ts'
import { openSession, type ExchangeOf } from './gate/session-connection.ts'
import { createMcpGate, type McpServerOptions } from './gate/mcp-gate.ts'
import { type Connection, progressNotification, serveOnce } from './gate/serve-once.ts'

export type { McpServerOptions } from './gate/mcp-gate.ts'
export type { ConversationOptions } from './gate/conversations.ts'
export type { SessionOptions } from './gate/sessions.ts'
export type { StreamLimits } from './gate/streams.ts'
export type { CallLimit, RateLimitOptions } from './gate/rate-limit.ts'
export type { CallCounter } from './gate/call-counter.ts'

/**
 * Serves a registry as an MCP server, with its gate in front: mount it, and nothing else is needed.
 *
 * It answers at the path of the resource, and at the paths of the resource's metadata. It holds sessions only
 * where `sessions` asks for them. Clients
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

  function createServer(exchangeOf: ExchangeOf, listChanged: boolean): Server {
    const server = new Server(serverInfo, {
      capabilities: registry.capabilities({ listChanged }),
      ...(instructions === undefined ? {} : { instructions }),
    })
    server.fallbackRequestHandler = async ({ method, params = {} }, handling) => {
      const { signal, sendNotification, sendRequest, sessionId, authInfo } = handling
      const ask: AskClient = (asked, details) => sendRequest({ method: asked, params: details }, ResultSchema)
      return exchangeOf(authInfo).answer(method, params, {
        signal,
        // Without a session, the answer would come to another server object.
        ...(sessionId !== undefined && { ask }),
        async progress(progress, total, message) {
          const notification = progressNotification(params, { progress, total, message })
          if (notification !== undefined) await sendNotification(notification)
        },
      })
    }
    return server
  }
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
    modernVersions: [],
    serve: (exchange) => serveOnce(exchange, connect(exchange)),
    openSession: (id, ended) =>
      openSession((exchangeOf) => {
        const server = createServer(exchangeOf, true)
        const transport = new WebStandardStreamableHTTPServerTransport({
          sessionIdGenerator: () => id,
          onsessionclosed: ended,
        })
        return { server, transport, connect: () => server.connect(transport) }
      }),
  }
  return createMcpGate(options, binding)
}
