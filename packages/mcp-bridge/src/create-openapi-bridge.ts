import { guardedFetch } from '@gatewright/core'
import { jsonSchema, type ToolRegistry } from '@gatewright/mcp'
import { operationTool, type OperationTool } from './bridge-tool.ts'
import { callOperation, type Upstream } from './call-operation.ts'
import { parseDocument } from './document/parse-document.ts'
import type { JsonObject } from './document/json-object.ts'
import { listOperations } from './operations/list-operations.ts'
import type { Operation } from './operations/operation.ts'
import { operationScopes, type OperationRequirement } from './operations/operation-scopes.ts'
import { selectOperations } from './operations/select-operations.ts'
import { checkPrefix, toolName } from './operations/tool-name.ts'
import type { OpenApiBridgeOptions } from './options.ts'
import { parseBaseUrl } from './request/base-url.ts'
import { isWithheldHeader } from './request/header-value.ts'
import type { RequestPlan } from './request/request-plan.ts'
import { argumentsCheck } from './schema/check-arguments.ts'
import { createSchemaConverter } from './schema/convert-schema.ts'

/** A tool that a bridge offers. */
export interface BridgeTool {
  readonly name: string
  readonly operation: Operation
  readonly requirement: OperationRequirement
  readonly inputSchema: JsonObject
}

/** An operation that a bridge does not offer. */
export interface SkippedOperation {
  readonly operation: Operation
  /** Why, in a sentence for the operator. */
  readonly reason: string
}

/** The operations of an API as tools. */
export interface OpenApiBridge {
  readonly tools: readonly BridgeTool[]
  /** What was left out, and why: log it once. */
  readonly skipped: readonly SkippedOperation[]
  /**
   * Registers the tools.
   *
   * @throws {TypeError} when a name is taken, or a scope is not defined in the registry
   */
  registerIn<Name extends string>(registry: ToolRegistry<Name>): void
}

/**
 * Makes tools of the operations of an OpenAPI document. Nothing is fetched until one of them is called.
 *
 * @throws {TypeError} when an option is missing or malformed, the document cannot be read, or it refers to something outside of itself
 * @example
 * <!-- prelude
 * import { defineScopes } from '@gatewright/core'
 * import { createToolRegistry } from '@gatewright/mcp'
 * import { fixedToken } from '@gatewright/token-exchange'
 * declare const document: string
 * declare const apiToken: string
 * const registry = createToolRegistry({ scopes: defineScopes({ 'user:read': 'See users', 'user:write': 'Change users' }) })
 * -->
 * ```ts
 * const bridge = createOpenApiBridge({
 *   document,
 *   baseUrl: 'https://api.example.com/v1',
 *   prefix: 'my_api_',
 *   scopes: { listUsers: ['user:read'], createUser: ['user:write'] },
 *   authorization: fixedToken(apiToken),
 * })
 * bridge.registerIn(registry)
 * ```
 */
export function createOpenApiBridge(options: OpenApiBridgeOptions): OpenApiBridge {
  const { prefix, baseUrl, allowPrivate = false } = options
  checkPrefix(prefix)
  const base = parseBaseUrl(baseUrl, allowPrivate)
  const upstream = createUpstream(options, allowPrivate)
  const document = parseDocument(options.document)
  const operations = listOperations(document)
  const convert = createSchemaConverter(document)
  const requirementOf = operationScopes(options.scopes, operations)
  const tools: CallableTool[] = []
  const skipped: SkippedOperation[] = []
  const taken = new Map<string, Operation>()

  for (const described of selectOperations(operations, options.include, options.exclude)) {
    const { parameters: _parameters, requestBody: _body, ...operation } = described
    const requirement = requirementOf(operation)
    if (requirement === undefined || requirement.length === 0) {
      skipped.push({ operation, reason: 'nothing says which scopes it needs' })
      continue
    }
    const made = operationTool(described, document, convert)
    if (typeof made === 'string') {
      skipped.push({ operation, reason: made })
      continue
    }
    const name = toolName(prefix, operation.id)
    const other = taken.get(name.toLowerCase())
    if (other !== undefined)
      throw new TypeError(
        `the name "${name}" stands for ${placeOf(other)} and for ${placeOf(operation)}: exclude one`,
      )
    taken.set(name.toLowerCase(), operation)
    const plan: RequestPlan = { method: operation.method, base, path: made.path, parts: made.parts }
    tools.push({ name, operation, requirement, made, plan, inputSchema: made.inputSchema })
  }

  return {
    tools: tools.map(({ name, operation, requirement, inputSchema }) => ({
      name,
      operation,
      requirement,
      inputSchema,
    })),
    skipped,
    registerIn(registry) {
      for (const tool of tools) registerTool(tool, registry, upstream)
    },
  }
}

function placeOf({ method, path }: Operation): string {
  return `${method} ${path}`
}

interface CallableTool extends BridgeTool {
  readonly made: OperationTool
  readonly plan: RequestPlan
}

function registerTool(
  { name, requirement, made, plan }: CallableTool,
  registry: ToolRegistry,
  upstream: Upstream,
): void {
  const { title, description, annotations, inputSchema } = made
  const scopes = requirement === 'public' ? [] : requirement
  // The registry refuses scopes that it does not define, whatever their type says.
  const who = requirement === 'public' ? ({ public: true } as const) : { scopes }
  const input = jsonSchema(inputSchema, argumentsCheck(inputSchema))
  registry.register(name, { ...who, title, description, input, annotations }, (args, caller, extra) =>
    callOperation({ tool: name, scopes, plan }, upstream, args, caller, extra, registry.report),
  )
}

function createUpstream(options: OpenApiBridgeOptions, allowPrivate: boolean): Upstream {
  const {
    authorization,
    forwardHeaders = [],
    maximumResponseSize = 1_048_576,
    timeout = 30,
    runtime,
  } = options
  if (typeof authorization?.credential !== 'function')
    throw new TypeError('authorization is missing: say noCredential() when the API is open')
  const withheld = forwardHeaders.find((name) => isWithheldHeader(name))
  if (withheld !== undefined) throw new TypeError(`the header "${withheld}" of a caller is never forwarded`)
  return {
    authorization,
    forwardHeaders: forwardHeaders.map((name) => name.toLowerCase()),
    fetch: guardedFetch({
      reach: allowPrivate ? 'any' : 'public',
      maximumBytes: maximumResponseSize,
      timeout,
      ...(runtime !== undefined && { fetch: runtime.fetch }),
    }),
  }
}
