import type { EventSink } from '@gatewright/core'
import { JsonRpcError } from '../json-rpc-error.ts'
import { callReport } from './call-report.ts'
import type { Caller, CallExtra } from './caller.ts'
import { checkArguments } from './check-arguments.ts'
import { failure, isInputRequired } from './content.ts'
import { describeIssues, type ValidationResult } from './standard-schema.ts'
import type { Tool, ToolAnswer } from './tool.ts'

/** What a call needs besides itself. */
export interface CallToolParts {
  readonly report: EventSink
  /** Decides once more, in view of the checked arguments: gives the text of a refusal, or throws `JsonRpcError`. */
  readonly admit: (args: unknown) => Promise<string | undefined>
}

/**
 * Checks the arguments, asks whether these may be, runs the handler, checks the result.
 *
 * Of what goes wrong inside, the listener is told all, and the client only that it did. Whether the caller may call
 * the tool at all was decided before.
 *
 * @throws {JsonRpcError} when the caller may not make this call, or the handler throws one on purpose
 */
export async function callTool(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  caller: Caller,
  extra: CallExtra,
  { report, admit }: CallToolParts,
): Promise<ToolAnswer> {
  const details = { decision: 'allow', ...callReport(tool.name, caller, extra) } as const
  const failed = (cause: unknown, decision: 'allow' | 'deny' = 'allow') => {
    const reason = extra.signal.aborted ? 'aborted' : 'thrown'
    report({ type: 'tool.failed', reason, cause, ...details, decision })
    // Messages of thrown errors name paths, queries and hosts.
    return failure('The tool failed.')
  }
  let checked: ValidationResult<unknown>
  try {
    checked = await checkArguments(tool, args)
  } catch (cause) {
    return failed(cause)
  }
  if (checked.issues !== undefined) {
    report({ type: 'tool.failed', reason: 'invalid_arguments', ...details })
    // MCP 2025-11-25 Tools: told as a tool's failure, the model can correct its arguments.
    return failure(`The arguments are not valid.\n${describeIssues(checked.issues)}`)
  }
  try {
    const refusal = await admit(checked.value)
    if (refusal !== undefined) return failure(refusal)
  } catch (cause) {
    if (cause instanceof JsonRpcError) throw cause
    return failed(cause, 'deny')
  }
  try {
    const answer = await tool.handler(checked.value, caller, extra)
    if (!extra.acceptsInputRequired && isInputRequired(answer)) {
      report({ type: 'tool.failed', reason: 'input_required', ...details })
      return failure('The tool needs more input, which this client cannot be asked for.')
    }
    await checkAnswer(tool, answer)
    const isError = 'isError' in answer && answer.isError === true
    report({ type: 'tool.called', reason: isError ? 'is_error' : undefined, ...details })
    return answer
  } catch (cause) {
    if (!(cause instanceof JsonRpcError)) return failed(cause)
    report({ type: 'tool.failed', reason: 'refused', cause, ...details })
    throw cause
  }
}

async function checkAnswer({ output }: Tool, answer: ToolAnswer): Promise<void> {
  if (typeof answer !== 'object' || answer === null) throw new TypeError('the handler returned no result')
  if (isInputRequired(answer)) return
  if (!('content' in answer) || !Array.isArray(answer.content))
    throw new TypeError('the handler returned a result without content')
  // MCP 2025-11-25 Tools: structured results must conform to the output schema; a failure has none.
  if (output === undefined || answer.isError === true) return
  const { issues } = await output['~standard'].validate(answer.structuredContent)
  if (issues !== undefined)
    throw new TypeError(`the result does not fit its schema: ${describeIssues(issues)}`)
}
