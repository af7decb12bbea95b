import { createEventSink, defaultRuntime } from '@gatewright/core'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import { createAccessRule } from './access.ts'
import { createAdmission } from './admission.ts'
import { checkPolicies } from './call-policies.ts'
import { callTool } from './call-tool.ts'
import type { Caller, CallExtra } from './caller.ts'
import { checkArguments } from './check-arguments.ts'
import { completeArgument } from './complete-argument.ts'
import { createEntryStore } from './entry-store.ts'
import { explainAccess } from './explain-access.ts'
import { getPrompt } from './get-prompt.ts'
import { lintRegistry } from './lint-registry.ts'
import { pageOf } from './list-page.ts'
import {
  isListMethod,
  listMembers,
  targetOf,
  unknownTarget,
  type ListMethod,
  type Target,
} from './mcp-methods.ts'
import { compilePrompt, type Prompt } from './prompt.ts'
import { readResource } from './read-resource.ts'
import { compileResource, type Resource } from './resource.ts'
import { createScopeMasks } from './scope-mask.ts'
import { compileTool, type Tool } from './tool.ts'
import type { ToolRegistry, ToolRegistryOptions } from './tool-registry.ts'

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
  const { scopes, runtime = defaultRuntime, anonymousListing = false, pageSize = Infinity } = options
  if (pageSize !== Infinity && !(Number.isSafeInteger(pageSize) && pageSize > 0))
    throw new TypeError('pageSize must be a positive whole number')
  const now = () => runtime.now()
  const report = createEventSink(options.onEvent, now)
  const masks = createScopeMasks(scopes)
  const context = { scopes, masks }
  const store = createEntryStore(pageSize)
  const { lists } = store
  const access = createAccessRule(scopes, masks)
  const policies = checkPolicies(options.policies, 'the registry')
  const admission = createAdmission({ access, policies, report, now })
  const listeners = new Set<(method: ListMethod) => void>()

  const changed = (method: ListMethod) => {
    for (const listener of listeners) listener(method)
  }
  /** The scopes that decide what is listed; `undefined` when nothing is. */
  function heldBy(caller: Caller | undefined): bigint | undefined {
    if (caller !== undefined) return masks.held(caller.scopes)
    return anonymousListing ? 0n : undefined
  }
  function visible(method: ListMethod, caller: Caller | undefined) {
    const held = heldBy(caller)
    return held === undefined ? [] : lists[method].of(held)
  }
  function listPage(method: ListMethod, caller: Caller | undefined, cursor?: unknown) {
    const held = heldBy(caller)
    if (held !== undefined) return lists[method].page(held, cursor)
    if (cursor !== undefined) throw new JsonRpcError(errorCode.invalidParams, 'Invalid cursor')
    return pageOf([], undefined)
  }

  async function dispatch(method: string, caller: Caller | undefined, extra: CallExtra) {
    const { params } = extra
    if (isListMethod(method)) {
      const page = listPage(method, caller, params.cursor)
      const { nextCursor } = page
      const entries = JSON.parse(`[${page.json()}]`) as unknown
      return { [listMembers[method]]: entries, ...(nextCursor && { nextCursor }) }
    }
    const target = targetOf(method, params)
    if (target === undefined) throw new JsonRpcError(errorCode.methodNotFound, 'Method not found')
    const entry = store.find(target)
    if (entry === undefined) throw unknownTarget(target)
    const admitted = admission.byScopes(entry, target, caller, extra)
    if (target.kind === 'tool') return { ...(await call(entry as Tool, target, admitted, extra)) }

    const args = method === 'prompts/get' ? argumentsOf(params) : {}
    const subject = {
      method,
      [target.kind]: {
        params: target.kind === 'resource' ? { uri: target.name } : { name: target.name, arguments: args },
      },
    }
    const refusal = await admission.byPolicies(target, subject, admitted, extra)
    if (refusal !== undefined) throw new JsonRpcError(errorCode.accessDenied, refusal)
    if (method === 'completion/complete')
      return completeArgument(entry as Prompt | Resource, params, admitted, extra, report)
    return target.kind === 'resource'
      ? readResource(entry as Resource, target.name, admitted, extra, report)
      : { ...(await getPrompt(entry as Prompt, args, admitted, extra, report)) }
  }

  function call(tool: Tool, target: Target, caller: Caller, extra: CallExtra) {
    return callTool(tool, argumentsOf(extra.params), caller, extra, {
      report,
      async admit(checked) {
        await admission.byArguments(tool, target, checked, caller, extra)
        // The tool's own name, also when it was called by an alias: a rule names each tool once.
        const params = { name: tool.name, arguments: checked as Readonly<Record<string, unknown>> }
        return admission.byPolicies(
          target,
          { method: 'tools/call', tool: { params } },
          caller,
          extra,
          tool.policies,
        )
      },
    })
  }

  const registry: ToolRegistry<Name> = {
    scopes,
    report,
    anonymousListing,
    register(name, tool, handler) {
      store.addTool(compileTool(name, tool, handler, context), tool.aliases ?? [])
      changed('tools/list')
      return registry
    },
    registerResource(uri, resource, handler) {
      const compiled = compileResource(uri, resource, handler, context)
      store.addResource(compiled)
      changed(compiled.template === undefined ? 'resources/list' : 'resources/templates/list')
      return registry
    },
    registerPrompt(name, prompt, handler) {
      store.addPrompt(compilePrompt(name, prompt, handler, context))
      changed('prompts/list')
      return registry
    },
    remove(kind, name) {
      const method = store.remove(kind, name)
      if (method !== undefined) changed(method)
      return method !== undefined
    },
    onListChanged(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    entryName: (kind, name) => store.find({ kind, name })?.name,
    access(kind, name, caller) {
      const entry = store.find({ kind, name })
      return entry && access.to(entry, caller)
    },
    async accessTo(method, params, caller) {
      const target = targetOf(method, params)
      const entry = target && store.find(target)
      if (target === undefined || entry === undefined) return undefined
      const first = access.to(entry, caller)
      const tool = target.kind === 'tool' ? (entry as Tool) : undefined
      if (!first.allowed || caller === undefined || tool?.scopesFor === undefined) return first
      const checked = await checkArguments(tool, argumentsOf(params))
      // Arguments that are not valid are never acted on: the call itself says what is wrong with them.
      return checked.issues === undefined ? access.toCall(tool, checked.value, caller) : first
    },
    explain: (caller) =>
      explainAccess(
        store,
        access,
        (method, name) => visible(method, caller).some((entry) => entry.name === name),
        caller,
      ),
    lint: (usedElsewhere = []) => lintRegistry(store, scopes, usedElsewhere),
    visibleTo(caller) {
      const listed = (method: ListMethod) => visible(method, caller).map((entry) => entry.listed)
      return {
        tools: listed('tools/list'),
        resources: listed('resources/list'),
        resourceTemplates: listed('resources/templates/list'),
        prompts: listed('prompts/list'),
      }
    },
    capabilities({ listChanged = false } = {}) {
      const told = listChanged ? { listChanged: true as const } : {}
      return {
        ...(registry.answers('tools/list') && { tools: told }),
        ...(registry.answers('resources/list') && { resources: told }),
        ...(registry.answers('prompts/list') && { prompts: told }),
        ...(registry.answers('completion/complete') && { completions: {} }),
      }
    },
    answers(method) {
      switch (method) {
        case 'tools/list':
        case 'tools/call':
          return lists['tools/list'].entries.length > 0
        case 'resources/list':
        case 'resources/templates/list':
        case 'resources/read':
          return lists['resources/list'].entries.length + lists['resources/templates/list'].entries.length > 0
        case 'prompts/list':
        case 'prompts/get':
          return lists['prompts/list'].entries.length > 0
        case 'completion/complete':
          return store.completable()
        default:
          return false
      }
    },
    listPage,
    dispatch,
  }
  return registry
}

function argumentsOf(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const args = params.arguments ?? {}
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    throw new JsonRpcError(errorCode.invalidParams, 'The arguments must be an object.')
  return args as Readonly<Record<string, unknown>>
}
