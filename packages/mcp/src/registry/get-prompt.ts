import type { EventSink } from '@gatewright/core'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import { callReport } from './call-report.ts'
import type { Caller, CallExtra } from './caller.ts'
import { isInputRequired } from './content.ts'
import type { Prompt, PromptAnswer } from './prompt.ts'

/**
 * Writes a prompt. Whether the caller may use it was decided before.
 *
 * @throws {JsonRpcError} when an argument is missing or no text, or the handler fails; the latter without saying why
 */
export async function getPrompt(
  prompt: Prompt,
  args: Readonly<Record<string, unknown>>,
  caller: Caller,
  extra: CallExtra,
  report: EventSink,
): Promise<PromptAnswer> {
  const checked = promptArguments(prompt, args)
  const details = callReport(prompt.name, caller, extra)
  try {
    const result = await prompt.handler(checked, caller, extra)
    if (!extra.acceptsInputRequired && isInputRequired(result))
      throw new JsonRpcError(
        errorCode.invalidParams,
        'The prompt needs more input, which this client cannot be asked for.',
      )
    report({ type: 'prompt.served', ...details })
    return result
  } catch (cause) {
    if (cause instanceof JsonRpcError) throw cause
    report({ type: 'request.failed', reason: 'thrown', cause, ...details })
    throw new JsonRpcError(errorCode.internalError, 'The prompt could not be made.')
  }
}

function promptArguments(
  prompt: Prompt,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const checked: [string, string][] = []
  for (const { name, required } of prompt.arguments.values()) {
    const value = Object.hasOwn(args, name) ? args[name] : undefined
    if (typeof value === 'string') checked.push([name, value])
    else if (value !== undefined || required === true)
      throw new JsonRpcError(errorCode.invalidParams, `The argument "${name}" must be a text.`)
  }
  return Object.fromEntries(checked)
}
