import type { CallPolicy, EventSink, OnEvent, Runtime, Scopes } from '@gatewright/core'
import type { Access } from './access.ts'
import type { Caller, CallExtra } from './caller.ts'
import type { EntryExplanation } from './explain-access.ts'
import type { Page } from './list-page.ts'
import type { LintFinding } from './lint-registry.ts'
import type { EntryKind, ListMethod } from './mcp-methods.ts'
import type { PromptHandler, PromptOptions } from './prompt.ts'
import type { ResourceHandler, ResourceOptions } from './resource.ts'
import type { InferOutput, StandardSchema } from './standard-schema.ts'
import type { NoInput, ToolHandler, ToolOptions } from './tool.ts'

/** Options of `createToolRegistry`. */
export interface ToolRegistryOptions<Name extends string = string> {
  readonly scopes: Scopes<Name>
  /** Rules for every call, read and prompt, after the scopes have allowed it. All must allow. @default [] */
  readonly policies?: readonly CallPolicy[] | undefined
  /**
   * Whether callers without a token may list: they see what a token without scopes would see. Calls need a token all
   * the same.
   *
   * @default false
   */
  readonly anonymousListing?: boolean | undefined
  /** How many entries a page of a list has. @default all */
  readonly pageSize?: number | undefined
  /** Receives `tool.called`, `tool.denied`, `tool.failed` and their like, and `request.failed`. @default none */
  readonly onEvent?: OnEvent | undefined
  /** The clock of the events. @default the runtime's own */
  readonly runtime?: Runtime | undefined
}

/** What a caller sees in lists. */
export interface VisibleEntries {
  readonly tools: readonly Readonly<Record<string, unknown>>[]
  readonly resources: readonly Readonly<Record<string, unknown>>[]
  readonly resourceTemplates: readonly Readonly<Record<string, unknown>>[]
  readonly prompts: readonly Readonly<Record<string, unknown>>[]
}

/** The members of MCP's server capabilities that a registry can have. */
export interface RegistryCapabilities {
  tools?: { listChanged?: true }
  resources?: { listChanged?: true }
  prompts?: { listChanged?: true }
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
  /** Takes away what has exactly this name or URI, with its aliases; tells whether there was something. */
  remove(kind: EntryKind, name: string): boolean
  /** Calls a listener whenever an entry is added to a list or removed from it; gives what ends that. */
  onListChanged(listener: (method: ListMethod) => void): () => void
  /** Whether callers without a token may list. */
  readonly anonymousListing: boolean
  /** The own name of an entry that a request names by an alias, or by a URI that fits a template. */
  entryName(kind: EntryKind, name: string): string | undefined
  /** Whether a caller may use what has exactly this name or URI; `undefined` when nothing has. */
  access(kind: EntryKind, name: string, caller: Caller | undefined): Access | undefined
  /**
   * Whether a caller may make this request, its arguments included; `undefined` when it is about nothing that exists.
   *
   * Policies and limits are not asked.
   *
   * @throws {JsonRpcError} when it names no tool, resource or prompt; and what a tool's `scopesFor` throws
   */
  accessTo(
    method: string,
    params: Readonly<Record<string, unknown>>,
    caller: Caller | undefined,
  ): Promise<Access | undefined>
  /** Why the caller sees each entry, or does not. */
  explain(caller: Caller | undefined): readonly EntryExplanation[]
  /**
   * Finds scopes that open nothing, and entries that need no scope; run it in a test.
   *
   * @param usedElsewhere scopes that something outside this registry asks for
   */
  lint(usedElsewhere?: readonly Name[]): readonly LintFinding[]
  /** What the caller finds in lists: nothing without a caller, unless listing is anonymous. */
  visibleTo(caller: Caller | undefined): VisibleEntries
  /** What the server can say about itself; `listChanged` where clients are told of changes. */
  capabilities(options?: { readonly listChanged?: boolean }): RegistryCapabilities
  /** Whether {@link ToolRegistry.dispatch} knows a method. */
  answers(method: string): boolean
  /**
   * A page of a list, its entries as the text inside a JSON array, remembered for each set of scopes.
   *
   * @throws {JsonRpcError} when the cursor is not one of the caller's list
   */
  listPage(method: ListMethod, caller: Caller | undefined, cursor?: unknown): Page
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
