/**
 * Operations of an OpenAPI document as tools of a registry.
 *
 * @module @gatewright/mcp-bridge
 */
export { createOpenApiBridge } from './create-openapi-bridge.ts'
export type { BridgeTool, OpenApiBridge, SkippedOperation } from './create-openapi-bridge.ts'
export type { OpenApiBridgeOptions } from './options.ts'
export { fetchOpenApi } from './document/fetch-document.ts'
export type { FetchOpenApiOptions } from './document/fetch-document.ts'
export type { JsonObject } from './document/json-object.ts'
export type { Operation } from './operations/operation.ts'
export type { OperationRequirement, OperationScopes } from './operations/operation-scopes.ts'
export type { OperationSelector } from './operations/select-operations.ts'
