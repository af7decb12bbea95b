import type { CallPolicy, EventSink } from '@gatewright/core'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import type { Access, AccessRule } from './access.ts'
import { deniedByPolicy, type CallSubject } from './call-policies.ts'
import { callReport } from './call-report.ts'
import type { Caller, CallExtra } from './caller.ts'
import type { Entry } from './entry.ts'
import type { Target } from './mcp-methods.ts'
import type { Tool } from './tool.ts'

/** What deciding needs. */
export interface AdmissionParts {
  readonly access: AccessRule
  readonly policies: readonly CallPolicy[]
  readonly report: EventSink
  readonly now: () => number
}

/** Decides whether a request may run; the gate may have decided the same before, but whoever calls without one is refused here. */
export interface Admission {
  /** By the scopes. @throws {JsonRpcError} when they do not suffice */
  byScopes(entry: Entry, target: Target, caller: Caller | undefined, extra: CallExtra): Caller
  /** By the scopes that checked arguments call for. @throws {JsonRpcError} when they do not suffice */
  byArguments(tool: Tool, target: Target, args: unknown, caller: Caller, extra: CallExtra): Promise<void>
  /** By the policies: gives what to tell the client when one denies. */
  byPolicies(
    target: Target,
    mcp: CallSubject,
    caller: Caller,
    extra: CallExtra,
    own?: readonly CallPolicy[],
  ): Promise<string | undefined>
}

/** Makes what decides for a registry. */
export function createAdmission({ access, policies, report, now }: AdmissionParts): Admission {
  function insist(allowed: Access, target: Target, caller: Caller | undefined, extra: CallExtra): void {
    if (allowed.allowed) return
    report({
      type: `${target.kind}.denied`,
      decision: 'deny',
      reason: 'insufficient_scope',
      required: allowed.missing,
      ...callReport(target.name, caller, extra),
    })
    throw new JsonRpcError(errorCode.insufficientScope, 'insufficient_scope')
  }
  return {
    byScopes(entry, target, caller, extra) {
      insist(access.to(entry, caller), target, caller, extra)
      if (caller === undefined) throw new JsonRpcError(errorCode.insufficientScope, 'insufficient_scope')
      return caller
    },
    async byArguments(tool, target, args, caller, extra) {
      if (tool.scopesFor !== undefined) insist(await access.toCall(tool, args, caller), target, caller, extra)
    },
    async byPolicies(target, mcp, caller, extra, own = []) {
      const denial = await deniedByPolicy([...policies, ...own], mcp, caller, extra, now())
      if (denial === undefined) return undefined
      report({
        type: `${target.kind}.denied`,
        decision: 'deny',
        reason: 'policy',
        rule: denial.rule,
        message: denial.internal_message,
        ...callReport(target.name, caller, extra),
      })
      const { external_message: told } = denial
      return typeof told === 'string' ? `Access denied: ${told}` : 'Access denied by policy.'
    },
  }
}
