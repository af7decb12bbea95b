/**
 * A registry of MCP tools, resources and prompts that knows which scopes each of them needs.
 *
 * It imports no SDK: `@gatewright/mcp/server` and `@gatewright/mcp/sdk` serve it over HTTP.
 *
 * @module @gatewright/mcp
 */
export { createToolRegistry } from './registry/create-tool-registry.ts'
export type { Access } from './registry/access.ts'
export type { EntryExplanation } from './registry/explain-access.ts'
export type { LintFinding } from './registry/lint-registry.ts'
export type { Page } from './registry/list-page.ts'
export type {
  RegistryCapabilities,
  ToolRegistry,
  ToolRegistryOptions,
  VisibleEntries,
} from './registry/tool-registry.ts'
export type { ComputedScopes, NoInput, ToolAnswer, ToolHandler, ToolOptions } from './registry/tool.ts'
export type {
  Completer,
  ReadAnswer,
  ReadContents,
  ResourceHandler,
  ResourceOptions,
} from './registry/resource.ts'
export type { PromptAnswer, PromptArgument, PromptHandler, PromptOptions } from './registry/prompt.ts'
export type { AllOf, AnyOf, ScopeExpression } from './registry/scope-expression.ts'
export type { Listing, Requirement } from './registry/requirement.ts'
export type { AskClient, Caller, CallExtra } from './registry/caller.ts'
export type { EntryKind, ListMethod } from './registry/mcp-methods.ts'
export { failure, json, promptText, text } from './registry/content.ts'
export type {
  CallToolResult,
  ContentBlock,
  GetPromptResult,
  InputRequiredResult,
  ResourceContents,
} from './registry/content.ts'
export { jsonSchema } from './registry/json-schema.ts'
export type { JsonSchema } from './registry/json-schema.ts'
export type {
  InferOutput,
  StandardSchema,
  ValidationIssue,
  ValidationResult,
} from './registry/standard-schema.ts'
export { createRequestStates } from './registry/request-state.ts'
export type { RequestStates } from './registry/request-state.ts'
export { createHandles } from './registry/handle.ts'
export type { Handles, HandlesOptions } from './registry/handle.ts'
export { createUserLinks } from './registry/user-link.ts'
export type { OpenedLink, UserLinks, UserLinksOptions } from './registry/user-link.ts'
export type { SealOptions } from './registry/sealed-value.ts'
export { JsonRpcError } from './json-rpc-error.ts'
