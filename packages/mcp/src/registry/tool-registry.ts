import type { EventSink, OnEvent, Runtime, Scopes } from '@gatewright/core'
import type { Caller, CallExtra } from './caller.ts'
import type { EntryKind, ListMethod } from './mcp-methods.ts'
import type { PromptHandler, PromptOptions } from './prompt.ts'
import type { ResourceHandler, ResourceOptions } from './resource.ts'
import type { InferOutput, StandardSchema } from './standard-schema.ts'
import type { NoInput, ToolHandler, ToolOptions } from './tool.ts'

/** Options of `createToolRegistry`. */
export interface ToolRegistryOptions<Name extends string = string> {
  readonly scopes: Scopes<Name>
  /** Receives `tool.called`, `tool.denied`, `tool.failed` and their like, and `request.failed`. @default none */
  readonly onEvent?: OnEvent | undefined
  /** The clock of the events. @default the runtime's own */
  readonly runtime?: Runtime | undefined
}

/** Whether a caller may use something, and which scopes are missing when not. */
export type Access =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly missing: readonly string[]; readonly required: readonly string[] }

/** What a caller sees in lists. */
export interface VisibleEntries {
  readonly tools: readonly Readonly<Record<string, unknown>>[]
  readonly resources: readonly Readonly<Record<string, unknown>>[]
  readonly resourceTemplates: readonly Readonly<Record<string, unknown>>[]
  readonly prompts: readonly Readonly<Record<string, unknown>>[]
}

/** The members of MCP's server capabilities that a registry can have. */
export interface RegistryCapabilities {
  tools?: Record<string, never>
  resources?: Record<string, never>
  prompts?: Record<string, never>
  completions?: Record<string, never>
}

/** Tools, resources and prompts, each with the scopes that it needs. */
export interface ToolRegistry<Name extends string = string> {
  readonly scopes: Scopes<Name>
  /** Sends an event to the registry's listener; for what refuses calls before they reach the registry. */
  readonly report: EventSink
  /**
   * Adds a tool.
   *
   * @throws {TypeError} when it names neither scopes nor `public: true`, a scope is not defined, or the name is taken
   */
  register<Input extends StandardSchema = NoInput>(
    name: string,
    tool: ToolOptions<Name, Input>,
    handler: ToolHandler<InferOutput<Input>>,
  ): ToolRegistry<Name>
  /** Adds a resource, or a template of resources such as `app://{owner}/{name}`. @throws {TypeError} like `register` */
  registerResource(uri: string, resource: ResourceOptions<Name>, handler: ResourceHandler): ToolRegistry<Name>
  /** Adds a prompt. @throws {TypeError} like `register` */
  registerPrompt(name: string, prompt: PromptOptions<Name>, handler: PromptHandler): ToolRegistry<Name>
  /** Whether a caller may use what has exactly this name or URI; `undefined` when nothing has. */
  access(kind: EntryKind, name: string, caller: Caller | undefined): Access | undefined
  /** What the caller finds in lists: nothing without a caller. */
  visibleTo(caller: Caller | undefined): VisibleEntries
  /** What the server can say about itself. */
  capabilities(): RegistryCapabilities
  /** Whether {@link ToolRegistry.dispatch} knows a method. */
  answers(method: string): boolean
  /** The entries of a list as the text inside a JSON array, remembered for each set of scopes. */
  listJson(method: ListMethod, caller: Caller | undefined): string
  /**
   * Answers one MCP request, and refuses it when the caller may not.
   *
   * @throws {JsonRpcError} whose code and message are meant for the client
   */
  dispatch(
    method: string,
    caller: Caller | undefined,
    extra: CallExtra,
  ): Promise<Readonly<Record<string, unknown>>>
}
