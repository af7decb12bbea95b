import { printableText } from '@gatewright/core'
import { ProtocolError } from '@modelcontextprotocol/client'
import { UpstreamStatusError } from '../connection/upstream-fetch.ts'

/** An upstream has not answered as it should. Its message is for whoever asked. */
export class UpstreamFailure extends Error {
  /** The upstream's own error code, when it gave one. */
  readonly code: number | undefined

  constructor(message: string, code: number | undefined) {
    super(message)
    this.name = 'UpstreamFailure'
    this.code = code
  }
}

/** What went wrong, as far as it is the business of who asked; nothing of it tells a client to do something. */
export function whatFailed(
  cause: unknown,
  aborted: boolean,
): { readonly reason: string; readonly message: string; readonly code?: number } {
  if (aborted) return { reason: 'aborted', message: 'The call was cancelled.' }
  if (cause instanceof UpstreamStatusError && (cause.status === 401 || cause.status === 403))
    return {
      reason: `http_${cause.status}`,
      message: 'The upstream server refused the gateway’s credential.',
    }
  if (cause instanceof ProtocolError) {
    const { code } = cause
    // -32602 says what is wrong with the arguments, which the model can correct.
    const why = code === -32602 ? `: ${printableText(cause.message, 500)}` : '.'
    return { reason: 'refused', message: `The upstream server refused the call${why}`, code }
  }
  if (isInputRequired(cause))
    return {
      reason: 'input_required',
      message: 'The upstream server asks for input of the user, which is not passed on.',
    }
  return {
    reason: 'unavailable',
    message: 'The upstream server did not answer as it should. Whether it has done anything is not known.',
  }
}

function isInputRequired(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { code?: unknown }
  return code === 'UNSUPPORTED_RESULT_TYPE'
}
