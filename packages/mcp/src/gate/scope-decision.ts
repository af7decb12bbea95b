import type { AccessToken, ResourceServer } from '@gatewright/resource-server'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import { callReport } from '../registry/call-report.ts'
import type { CallExtra } from '../registry/caller.ts'
import { targetOf, unknownTarget, type Target } from '../registry/mcp-methods.ts'
import type { ToolRegistry } from '../registry/tool-registry.ts'
import type { Message } from './message.ts'
import { errorBody } from './rpc-response.ts'

/** What the decision needs. */
export interface ScopeDecisionParts {
  readonly registry: Pick<ToolRegistry, 'accessTo' | 'report'>
  readonly resourceServer: Pick<ResourceServer, 'forbidden'>
}

/**
 * Decides whether every message may run, and refuses all of them together when one may not.
 *
 * Gives the 403 that lets a client ask for the missing scopes: only a status makes clients do that, an error inside
 * a 200 does not.
 *
 * @throws {JsonRpcError} when the one message names nothing that exists
 * @see [MCP 2025-11-25 Authorization - Scope Challenge Handling](https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#scope-challenge-handling)
 */
export async function scopeRefusal(
  messages: readonly Message[],
  caller: AccessToken,
  extra: Pick<CallExtra, 'context'>,
  { registry, resourceServer }: ScopeDecisionParts,
): Promise<Response | undefined> {
  /** In a batch, what is wrong with one item is its own answer. */
  async function accessTo({ method = '', params }: Message, lenient: boolean) {
    try {
      return await registry.accessTo(method, params, caller)
    } catch (error) {
      if (lenient && error instanceof JsonRpcError) return undefined
      throw error
    }
  }
  const denied: { target: Target; missing: readonly string[]; required: readonly string[] }[] = []
  for (const message of messages) {
    const target = subjectOf(message, messages.length > 1)
    if (target === undefined) continue
    const access = await accessTo(message, messages.length > 1)
    if (access === undefined && messages.length === 1) throw unknownTarget(target)
    if (access?.allowed === false) denied.push({ target, ...access })
  }
  const [first] = denied
  if (first === undefined) return undefined
  for (const { target, missing } of denied)
    registry.report({
      type: `${target.kind}.denied`,
      decision: 'deny',
      reason: 'insufficient_scope',
      required: missing,
      ...callReport(target.name, caller, extra),
    })
  const required = [...new Set(denied.flatMap((one) => one.required))]
  const error = new JsonRpcError(errorCode.insufficientScope, 'insufficient_scope', {
    [first.target.kind]: first.target.name,
    granted_scopes: caller.scopes,
    required_scope: required.join(' '),
  })
  const id = messages.length === 1 ? (messages[0]?.id ?? null) : null
  return resourceServer.forbidden(caller, required, errorBody(id, error))
}

/**
 * What a message is about. In a batch each malformed item gets an error of its own later, and nothing is executed for it.
 *
 * @throws {JsonRpcError} when it is about something whose name is none, unless one is lenient
 */
export function subjectOf({ method, params }: Message, lenient: boolean): Target | undefined {
  if (method === undefined) return undefined
  try {
    return targetOf(method, params)
  } catch (error) {
    if (lenient && error instanceof JsonRpcError) return undefined
    throw error
  }
}
