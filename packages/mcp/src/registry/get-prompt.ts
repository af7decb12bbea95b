import type { EventSink } from '@gatewright/core'
import { errorCode, JsonRpcError } from '../json-rpc-error.ts'
import { callReport } from './call-report.ts'
import type { Caller, CallExtra } from './caller.ts'
import type { GetPromptResult } from './content.ts'
import type { Prompt } from './prompt.ts'

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
): Promise<GetPromptResult> {
  const checked = promptArguments(prompt, args)
  const details = callReport(prompt.name, caller, extra)
  try {
    const result = await prompt.handler(checked, caller, extra)
    report({ type: 'prompt.served', ...details })
    return result
  } catch (cause) {
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
