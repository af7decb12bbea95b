import type { EventSink } from '@gatewright/core'
import { callReport } from './call-report.ts'
import type { Caller, CallExtra } from './caller.ts'
import { failure, type InputRequiredResult } from './content.ts'
import { describeIssues } from './standard-schema.ts'
import type { Tool, ToolAnswer } from './tool.ts'

/**
 * Checks the arguments, runs the handler, checks the result.
 *
 * It never throws: what goes wrong inside is told to the listener, and to the client only that it did.
 * Whether the caller may call the tool was decided before.
 */
export async function callTool(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  caller: Caller,
  extra: CallExtra,
  report: EventSink,
): Promise<ToolAnswer> {
  const details = callReport(tool.name, caller, extra)
  try {
    const checked = tool.input === undefined ? { value: {} } : await tool.input['~standard'].validate(args)
    if (checked.issues !== undefined) {
      report({ type: 'tool.failed', reason: 'invalid_arguments', ...details })
      // MCP 2025-11-25 Tools: told as a tool's failure, the model can correct its arguments.
      return failure(`The arguments are not valid.\n${describeIssues(checked.issues)}`)
    }
    const answer = await tool.handler(checked.value, caller, extra)
    if (!extra.acceptsInputRequired && isInputRequired(answer)) {
      report({ type: 'tool.failed', reason: 'input_required', ...details })
      return failure('The tool needs more input, which this client cannot be asked for.')
    }
    await checkAnswer(tool, answer)
    const failed = 'isError' in answer && answer.isError === true
    report({ type: 'tool.called', reason: failed ? 'is_error' : undefined, ...details })
    return answer
  } catch (cause) {
    report({ type: 'tool.failed', reason: extra.signal.aborted ? 'aborted' : 'thrown', cause, ...details })
    // Messages of thrown errors name paths, queries and hosts.
    return failure('The tool failed.')
  }
}

function isInputRequired(answer: ToolAnswer): answer is InputRequiredResult {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'resultType' in answer &&
    answer.resultType === 'input_required'
  )
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
