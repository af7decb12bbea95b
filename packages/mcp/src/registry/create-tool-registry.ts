import { createEventSink, defaultRuntime } from '@gatewright/core'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import { callReport } from './call-report.ts'
import { callTool } from './call-tool.ts'
import type { Caller, CallExtra } from './caller.ts'
import { completeArgument } from './complete-argument.ts'
import type { Entry } from './entry.ts'
import { getPrompt } from './get-prompt.ts'
import { isListMethod, listMembers, targetOf, unknownTarget } from './mcp-methods.ts'
import { createNameTable } from './name-table.ts'
import { compilePrompt, type Prompt } from './prompt.ts'
import { readResource } from './read-resource.ts'
import { compileResource, type Resource } from './resource.ts'
import { createScopeMasks } from './scope-mask.ts'
import { compileTool, type Tool } from './tool.ts'
import type { Access, ToolRegistry, ToolRegistryOptions } from './tool-registry.ts'
import { createVisibleList } from './visible-list.ts'

/**
 * Creates an empty registry, which does not know of HTTP or of an SDK.
 *
 * Everything that does not depend on the request is done when a tool is registered, and nothing that is done
 * for a request grows with the tools that its caller may not see.
 *
 * @example
 * <!-- prelude
 * import { defineScopes } from '@gatewright/core'
 * import { z } from 'zod'
 * const scopes = defineScopes({ 'read:application': 'View applications' })
 * declare const applications: { list(owner: string, subject: string): Promise<unknown[]> }
 * -->
 * ```ts
 * const tools = createToolRegistry({ scopes }).register(
 *   'get_applications',
 *   { description: 'List applications', scopes: ['read:application'], input: z.object({ owner: z.string() }) },
 *   async ({ owner }, caller) => json(await applications.list(owner, caller.subject)),
 * )
 * ```
 */
export function createToolRegistry<Name extends string>(
  options: ToolRegistryOptions<Name>,
): ToolRegistry<Name> {
  const { scopes, runtime = defaultRuntime } = options
  const report = createEventSink(options.onEvent, () => runtime.now())
  const masks = createScopeMasks(scopes)
  const context = { scopes, masks }
  const tools = createNameTable<Tool>()
  const prompts = createNameTable<Prompt>()
  const resources = new Map<unknown, Resource>()
  const templates: Resource[] = []
  const lists = {
    'tools/list': createVisibleList(masks),
    'resources/list': createVisibleList(masks),
    'resources/templates/list': createVisibleList(masks),
    'prompts/list': createVisibleList(masks),
  }
  let completable = false

  function findResource(uri: unknown): Resource | undefined {
    if (typeof uri !== 'string') return undefined
    // A template stands for its own text too: that is how completion names it.
    const exact = resources.get(uri) ?? templates.find(({ name }) => name === uri)
    return exact ?? templates.find(({ template }) => template?.match(uri) !== undefined)
  }
  const find = {
    tool: (name: string) => tools.get(name),
    prompt: (name: string) => prompts.get(name),
    resource: findResource,
  }

  function accessTo(entry: Entry, caller: Caller | undefined): Access {
    const required = entry.scopes
    if (caller === undefined) return { allowed: false, missing: required, required }
    if ((masks.held(caller.scopes) & entry.mask) === entry.mask) return { allowed: true }
    return { allowed: false, missing: scopes.missing(caller.scopes, required), required }
  }

  async function dispatch(method: string, caller: Caller | undefined, extra: CallExtra) {
    const { params } = extra
    if (isListMethod(method)) {
      checkCursor(params)
      return { [listMembers[method]]: lists[method].of(caller) }
    }
    const target = targetOf(method, params)
    if (target === undefined) throw new JsonRpcError(errorCode.methodNotFound, 'Method not found')
    const entry = find[target.kind](target.name)
    if (entry === undefined) throw unknownTarget(target)
    // The gate has decided this already; whoever calls without a gate meets the same decision here.
    if (caller === undefined || !accessTo(entry, caller).allowed) {
      const details = callReport(target.name, caller, extra)
      report({
        type: `${target.kind}.denied`,
        reason: 'insufficient_scope',
        required: entry.scopes,
        ...details,
      })
      throw new JsonRpcError(errorCode.insufficientScope, 'insufficient_scope')
    }
    if (method === 'completion/complete')
      return completeArgument(entry as Prompt | Resource, params, caller, extra, report)
    if (target.kind === 'resource') return readResource(entry as Resource, target.name, caller, extra, report)
    const args = argumentsOf(params)
    return target.kind === 'tool'
      ? { ...(await callTool(entry as Tool, args, caller, extra, report)) }
      : { ...(await getPrompt(entry as Prompt, args, caller, extra, report)) }
  }

  const registry: ToolRegistry<Name> = {
    scopes,
    report,
    register(name, tool, handler) {
      const compiled = compileTool(name, tool, handler, context)
      for (const each of [name, ...(tool.aliases ?? [])]) tools.add(each, compiled, `the tool "${each}"`)
      lists['tools/list'].add(compiled)
      return registry
    },
    registerResource(uri, resource, handler) {
      const compiled = compileResource(uri, resource, handler, context)
      if (resources.has(uri) || templates.some(({ name }) => name === uri))
        throw new TypeError(`the resource "${uri}" is registered twice`)
      if (compiled.template === undefined) resources.set(uri, compiled)
      else templates.push(compiled)
      lists[compiled.template === undefined ? 'resources/list' : 'resources/templates/list'].add(compiled)
      completable ||= compiled.complete.size > 0
      return registry
    },
    registerPrompt(name, prompt, handler) {
      const compiled = compilePrompt(name, prompt, handler, context)
      prompts.add(name, compiled, `the prompt "${name}"`)
      lists['prompts/list'].add(compiled)
      completable ||= prompt.arguments?.some(({ complete }) => complete !== undefined) ?? false
      return registry
    },
    access(kind, name, caller) {
      const entry = find[kind](name)
      return entry && accessTo(entry, caller)
    },
    visibleTo: (caller) => ({
      tools: lists['tools/list'].of(caller),
      resources: lists['resources/list'].of(caller),
      resourceTemplates: lists['resources/templates/list'].of(caller),
      prompts: lists['prompts/list'].of(caller),
    }),
    capabilities: () => ({
      ...(registry.answers('tools/list') && { tools: {} }),
      ...(registry.answers('resources/list') && { resources: {} }),
      ...(registry.answers('prompts/list') && { prompts: {} }),
      ...(registry.answers('completion/complete') && { completions: {} }),
    }),
    answers(method) {
      switch (method) {
        case 'tools/list':
        case 'tools/call':
          return lists['tools/list'].size > 0
        case 'resources/list':
        case 'resources/templates/list':
        case 'resources/read':
          return lists['resources/list'].size + lists['resources/templates/list'].size > 0
        case 'prompts/list':
        case 'prompts/get':
          return lists['prompts/list'].size > 0
        case 'completion/complete':
          return completable
        default:
          return false
      }
    },
    listJson: (method, caller) => lists[method].jsonOf(caller),
    dispatch,
  }
  return registry
}

/** @throws {JsonRpcError} for every cursor: lists have one page, so no cursor is ours */
export function checkCursor(params: Readonly<Record<string, unknown>>): void {
  if (params.cursor !== undefined) throw new JsonRpcError(errorCode.invalidParams, 'Invalid cursor')
}

function argumentsOf(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const args = params.arguments ?? {}
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    throw new JsonRpcError(errorCode.invalidParams, 'The arguments must be an object.')
  return args as Readonly<Record<string, unknown>>
}
