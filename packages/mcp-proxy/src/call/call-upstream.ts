import { printableText, type EventSink } from '@gatewright/core'
import { failure, type Caller, type CallExtra, type CallToolResult } from '@gatewright/mcp'
import type { OutboundCall } from '@gatewright/token-exchange'
import { type Client, ProtocolError } from '@modelcontextprotocol/client'
import { UpstreamStatusError } from '../connection/upstream-fetch.ts'
import type { ProxySettings } from '../options.ts'
import { cleanResult } from './clean-result.ts'

/** One call to an upstream. */
export interface UpstreamCall {
  /** The name of the tool at the upstream. */
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
  readonly caller: Caller
  readonly extra: CallExtra
  readonly outbound: OutboundCall
}

/** Runs work with a connection that fits the caller. */
export type WithClient = <Value>(
  outbound: OutboundCall,
  signal: AbortSignal,
  work: (client: Client) => Promise<Value>,
) => Promise<Value>

/** Calls a tool of an upstream, once. It never throws: what fails is a tool error, and its cause an event. */
export async function callUpstream(
  { name, args, caller, extra, outbound }: UpstreamCall,
  { timeout, maximumDuration, name: upstream }: ProxySettings,
  withClient: WithClient,
  report: EventSink,
): Promise<CallToolResult> {
  const { subject, clientId, jti, act } = caller
  const details = {
    name: outbound.tool,
    subject,
    clientId,
    jti,
    act,
    resource: upstream,
    requestId: extra.context?.requestId,
  }
  try {
    const result = await withClient(outbound, extra.signal, (client) =>
      client.callTool(
        { name, arguments: { ...args } },
        {
          signal: extra.signal,
          timeout: timeout * 1000,
          maxTotalTimeout: maximumDuration * 1000,
          resetTimeoutOnProgress: true,
          ...(wantsProgress(extra) && {
            onprogress: ({ progress, total, message }) =>
              void extra
                .progress(progress, total, message === undefined ? undefined : printableText(message, 500))
                .catch(() => {}),
          }),
        },
      ),
    )
    const clean = cleanResult(result)
    report({ type: 'upstream.called', ...details, reason: clean.isError === true ? 'is_error' : undefined })
    return clean
  } catch (cause) {
    const { reason, message } = describe(cause, extra.signal.aborted)
    report({ type: 'upstream.failed', ...details, reason, cause })
    return failure(message)
  }
}

function wantsProgress({ params }: CallExtra): boolean {
  const { _meta: meta } = params
  return typeof meta === 'object' && meta !== null && 'progressToken' in meta
}

/** What went wrong, as far as it is the business of who asked; nothing of it tells a client to do something. */
function describe(cause: unknown, aborted: boolean): { readonly reason: string; readonly message: string } {
  if (aborted) return { reason: 'aborted', message: 'The call was cancelled.' }
  if (cause instanceof UpstreamStatusError && (cause.status === 401 || cause.status === 403))
    return {
      reason: `http_${cause.status}`,
      message: 'The server behind this tool refused the gateway’s credential.',
    }
  // -32602 says what is wrong with the arguments, which the model can correct.
  if (cause instanceof ProtocolError && cause.code === -32602)
    return {
      reason: 'refused',
      message: `The server behind this tool refused the call: ${printableText(cause.message, 500)}`,
    }
  if (cause instanceof ProtocolError)
    return { reason: 'refused', message: 'The server behind this tool refused the call.' }
  if (isInputRequired(cause))
    return {
      reason: 'input_required',
      message: 'The server behind this tool asks for input of the user, which is not passed on.',
    }
  return {
    reason: 'unavailable',
    message:
      'The server behind this tool did not answer as it should. Whether it has done anything is not known.',
  }
}

function isInputRequired(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { code?: unknown }
  return code === 'UNSUPPORTED_RESULT_TYPE'
}
