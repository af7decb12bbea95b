/**
 * Tools, prompts and resources of other MCP servers in a registry, behind the same gate as its own.
 *
 * @module @gatewright/mcp-proxy
 */
export { createMcpProxy } from './create-mcp-proxy.ts'
export type { McpProxy } from './create-mcp-proxy.ts'
export type { McpProxyOptions, ProxiedRequirement, ProxiedScopes } from './options.ts'
export { streamableHttp } from './connection/streamable-http.ts'
export type { StreamableHttpOptions } from './connection/streamable-http.ts'
export type { UpstreamEndpoint } from './connection/upstream-endpoint.ts'
export type { UpstreamPrompt, UpstreamPromptArgument } from './definitions/upstream-prompt.ts'
export type { UpstreamResource } from './definitions/upstream-resource.ts'
export type { UpstreamTool } from './definitions/upstream-tool.ts'
export { toolPin } from './definitions/definition-pin.ts'
export type { PinnedKind, Pins } from './definitions/pins.ts'
