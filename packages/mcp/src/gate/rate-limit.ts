import type { AccessToken } from '@gatewright/resource-server'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import { callReport } from '../registry/call-report.ts'
import type { CallExtra } from '../registry/caller.ts'
import type { ToolRegistry } from '../registry/tool-registry.ts'
import { createLocalCounter, type CallCounter } from './call-counter.ts'
import type { Message } from './message.ts'
import { errorResponse } from './rpc-response.ts'
import { subjectOf } from './scope-decision.ts'

/** How often something may be called. */
export interface CallLimit {
  /** Calls in a window. */
  readonly calls: number
  /** Length of the window in seconds. @default 60 */
  readonly window?: number | undefined
}

/** How often one caller may call one tool, read one resource or get one prompt. */
export interface RateLimitOptions extends CallLimit {
  /** Other limits for tools, by their own names. */
  readonly tools?: Readonly<Record<string, CallLimit>> | undefined
  /** Where calls are counted. @default in this process */
  readonly counter?: CallCounter | undefined
}

/** Counts the requests of a body; gives the 429 when one of them is too many. */
export type RateLimiter = (
  messages: readonly Message[],
  caller: AccessToken,
  extra: Pick<CallExtra, 'context'>,
) => Promise<Response | undefined>

/**
 * Makes the limiter. A caller is a subject with its client: another token for both does not help.
 *
 * @throws {TypeError} when a limit is malformed, or is for a tool that does not exist
 * @see [RFC 6585 §4 - 429 Too Many Requests](https://www.rfc-editor.org/rfc/rfc6585.html#section-4)
 */
export function createRateLimiter(
  options: RateLimitOptions,
  registry: Pick<ToolRegistry, 'entryName' | 'report'>,
  now: () => number,
): RateLimiter {
  const { counter = createLocalCounter(), tools = {} } = options
  const usual = checkLimit(options, 'rateLimit')
  const special = new Map(
    Object.entries(tools).map(([name, limit]) => {
      if (registry.entryName('tool', name) !== name)
        throw new TypeError(`rateLimit: there is no tool "${name}"`)
      return [name, checkLimit(limit, `rateLimit.tools.${name}`)]
    }),
  )
  return async (messages, caller, { context }) => {
    for (const message of messages) {
      const target = subjectOf(message, messages.length > 1)
      // The own name, so that an alias, or one more URI of a template, is no second allowance.
      const name = target && registry.entryName(target.kind, target.name)
      if (target === undefined || name === undefined) continue
      const { calls, window } = (target.kind === 'tool' && special.get(name)) || usual
      const key = JSON.stringify([
        caller.resource,
        caller.issuer,
        caller.subject,
        caller.clientId,
        target.kind,
        name,
      ])
      const at = now()
      const { allowed, resetAt } = await counter.hit(key, { window, limit: calls, now: at })
      if (allowed) continue
      registry.report({
        type: `${target.kind}.denied`,
        decision: 'deny',
        reason: 'rate_limited',
        ...callReport(name, caller, { context }),
      })
      const seconds = Math.max(1, Math.ceil((resetAt - at) / 1000))
      const error = new JsonRpcError(errorCode.transport, `Too many calls, try again in ${seconds} s`)
      const id = messages.length === 1 ? (messages[0]?.id ?? null) : null
      return errorResponse(429, error, id, { 'retry-after': String(seconds) })
    }
    return undefined
  }
}

function checkLimit({ calls, window = 60 }: CallLimit, what: string) {
  if (!Number.isSafeInteger(calls) || calls < 1)
    throw new TypeError(`${what}: calls must be a positive whole number`)
  if (!Number.isFinite(window) || window <= 0)
    throw new TypeError(`${what}: window must be a positive number of seconds`)
  return { calls, window }
}
