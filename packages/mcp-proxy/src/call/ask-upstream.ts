import { printableText, type EventSink } from '@gatewright/core'
import type { Caller, CallExtra } from '@gatewright/mcp'
import type { OutboundCall } from '@gatewright/token-exchange'
import type { Client, RequestOptions } from '@modelcontextprotocol/client'
import type { ProxySettings } from '../options.ts'
import { UpstreamFailure, whatFailed } from './upstream-failure.ts'

/** What an upstream is asked for, and in whose name. */
export interface UpstreamRequest {
  /** The tool, prompt or resource, by the name that clients use. */
  readonly name: string
  /** The scopes that it needs here. */
  readonly scopes: readonly string[]
  readonly caller: Caller
  readonly extra: CallExtra
}

/** Runs work with a connection that fits the caller. */
export type WithClient = <Value>(
  outbound: OutboundCall,
  signal: AbortSignal,
  work: (client: Client) => Promise<Value>,
) => Promise<Value>

/** Asks an upstream, once. @throws {UpstreamFailure} whatever has failed; its cause is an event */
export type AskUpstream = <Value>(
  request: UpstreamRequest,
  work: (client: Client, options: RequestOptions) => Promise<Value>,
) => Promise<Value>

/** Makes what asks one upstream: with its limits, and an event for each question. */
export function createAskUpstream(
  { timeout, maximumDuration, name: upstream }: ProxySettings,
  withClient: WithClient,
  report: EventSink,
): AskUpstream {
  return async ({ name, scopes, caller, extra }, work) => {
    const { subject, clientId, token, expiresAt, jti, act } = caller
    const requestId = extra.context?.requestId
    const details = { name, subject, clientId, jti, act, resource: upstream, requestId }
    const outbound = { caller: { subject, clientId, token, jti, expiresAt }, tool: name, scopes }
    try {
      const value = await withClient(outbound, extra.signal, (client) =>
        work(client, {
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
        }),
      )
      const failed = typeof value === 'object' && value !== null && 'isError' in value
      report({ type: 'upstream.called', ...details, reason: failed ? 'is_error' : undefined })
      return value
    } catch (cause) {
      const { reason, message, code } = whatFailed(cause, extra.signal.aborted)
      report({ type: 'upstream.failed', ...details, reason, cause })
      throw new UpstreamFailure(message, code)
    }
  }
}

function wantsProgress({ params }: CallExtra): boolean {
  const { _meta: meta } = params
  return typeof meta === 'object' && meta !== null && 'progressToken' in meta
}
