import type { EventSink } from '@gatewright/core'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import { callReport } from './call-report.ts'
import type { Caller, CallExtra } from './caller.ts'
import type { ReadContents, Resource } from './resource.ts'

/**
 * Reads a resource. Whether the caller may was decided before.
 *
 * @throws {JsonRpcError} when there is none, or the handler fails; the latter without saying why
 */
export async function readResource(
  resource: Resource,
  uri: string,
  caller: Caller,
  extra: CallExtra,
  report: EventSink,
): Promise<{ contents: ReadContents[] }> {
  const details = callReport(uri, caller, extra)
  const variables = resource.template?.match(uri) ?? {}
  let answer
  try {
    answer = await resource.handler(variables, caller, { ...extra, uri })
  } catch (cause) {
    report({ type: 'request.failed', reason: 'thrown', cause, ...details })
    throw new JsonRpcError(errorCode.internalError, 'The resource could not be read.')
  }
  const given: readonly ReadContents[] =
    answer === undefined ? [] : Array.isArray(answer) ? answer : [answer as ReadContents]
  if (given.length === 0) throw new JsonRpcError(errorCode.invalidParams, 'Resource not found', { uri })
  report({ type: 'resource.served', ...details })
  const { mimeType } = resource
  return { contents: given.map((contents) => ({ uri, ...(mimeType && { mimeType }), ...contents })) }
}
