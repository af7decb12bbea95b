import type { EventSink } from '@gatewright/core'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import { callReport } from './call-report.ts'
import type { Caller, CallExtra } from './caller.ts'
import type { Prompt } from './prompt.ts'
import type { Resource } from './resource.ts'

const maximumValues = 100

/**
 * Suggests values for an argument of a prompt or a template. Whether the caller may use it was decided before.
 *
 * @throws {JsonRpcError} when the argument is malformed, or the completer fails
 */
export async function completeArgument(
  target: Prompt | Resource,
  params: Readonly<Record<string, unknown>>,
  caller: Caller,
  extra: CallExtra,
  report: EventSink,
): Promise<{ completion: { values: string[]; total: number; hasMore: boolean } }> {
  const { name, value } = (params.argument ?? {}) as { name?: unknown; value?: unknown }
  if (typeof name !== 'string' || typeof value !== 'string')
    throw new JsonRpcError(errorCode.invalidParams, 'The argument must have a name and a value.')
  const complete = 'complete' in target ? target.complete.get(name) : target.arguments.get(name)?.complete
  let suggested: readonly string[]
  try {
    suggested = (await complete?.(value, caller, otherArguments(params.context), extra)) ?? []
  } catch (cause) {
    report({ type: 'request.failed', reason: 'thrown', cause, ...callReport(target.name, caller, extra) })
    throw new JsonRpcError(errorCode.internalError, 'The argument could not be completed.')
  }
  const values = suggested.slice(0, maximumValues)
  return {
    completion: { values, total: suggested.length, hasMore: suggested.length > values.length },
  }
}

function otherArguments(context: unknown): Readonly<Record<string, string>> {
  const given: unknown = (context as { arguments?: unknown } | undefined)?.arguments
  if (typeof given !== 'object' || given === null) return {}
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
