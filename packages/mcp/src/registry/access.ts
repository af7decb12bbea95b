import type { Scopes } from '@gatewright/core'
import type { Caller } from './caller.ts'
import type { Entry } from './entry.ts'
import { compileComputed, type CompiledRequirement } from './requirement.ts'
import type { ScopeMasks } from './scope-mask.ts'
import type { Tool } from './tool.ts'

/** Whether a caller may use something, and which scopes are missing when not. */
export type Access =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly missing: readonly string[]; readonly required: readonly string[] }

/** Compares what callers hold with what entries ask for. */
export interface AccessRule {
  /** By what the entry always asks for. */
  to(entry: Entry, caller: Caller | undefined): Access
  /**
   * By what a tool asks for in view of checked arguments, too.
   *
   * @throws {TypeError} when its `scopesFor` gives something malformed; and whatever that throws
   */
  toCall(tool: Tool, args: unknown, caller: Caller): Promise<Access>
}

/** Makes the rule. */
export function createAccessRule(scopes: Scopes, masks: ScopeMasks): AccessRule {
  function compare(requirements: readonly CompiledRequirement[], caller: Caller | undefined): Access {
    const held = caller && masks.held(caller.scopes)
    if (held !== undefined && requirements.every((requirement) => requirement.holds(held)))
      return { allowed: true }
    const granted = caller?.scopes ?? []
    const required = [...new Set(requirements.flatMap((requirement) => requirement.nearest(granted)))]
    return { allowed: false, missing: scopes.missing(granted, required), required }
  }
  return {
    to: (entry, caller) => compare([entry.requirement], caller),
    async toCall(tool, args, caller) {
      if (tool.scopesFor === undefined) return compare([tool.requirement], caller)
      const expression = await tool.scopesFor(args, caller)
      const computed = compileComputed(expression, scopes, masks, `the tool "${tool.name}"`)
      return compare([tool.requirement, computed], caller)
    },
  }
}
