/**
 * Tools of other MCP servers in a registry, behind the same gate as its own.
 *
 * @module @gatewright/mcp-proxy
 */
export { createMcpProxy } from './create-mcp-proxy.ts'
export type { McpProxy } from './create-mcp-proxy.ts'
export type { McpProxyOptions, ProxiedRequirement, ProxiedScopes } from './options.ts'
export { streamableHttp } from './connection/streamable-http.ts'
export type { StreamableHttpOptions } from './connection/streamable-http.ts'
export type { UpstreamEndpoint } from './connection/upstream-endpoint.ts'
export type { UpstreamTool } from './definitions/upstream-tool.ts'
export { toolPin } from './definitions/tool-pin.ts'
