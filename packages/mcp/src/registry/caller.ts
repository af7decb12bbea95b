import type { RequestContext } from '@gatewright/core'
import type { AccessToken } from '@gatewright/resource-server'

/** Who calls: a verified access token, or as much of one as a test or another transport has. */
export type Caller = Pick<AccessToken, 'subject' | 'clientId' | 'scopes'> & Partial<AccessToken>

/**
 * Asks the client something while a call is running, for example `elicitation/create`; gives its answer unchecked.
 *
 * It rejects when the client cannot do that, or goes away.
 */
export type AskClient = (
  method: string,
  params: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>

/** What a handler may want to know about a call besides its arguments and its caller. */
export interface CallExtra {
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  /** The HTTP request, its body already read; absent when the call did not come over HTTP. */
  readonly request?: Request | undefined
  /** What the adapter knows about the connection. */
  readonly context?: RequestContext | undefined
  /**
   * The parameters as the client sent them, with `_meta`, `requestState` and `inputResponses`.
   *
   * Nothing in them was checked, and all of it is the client's to choose.
   */
  readonly params: Readonly<Record<string, unknown>>
  /** Whether the client understands an `InputRequiredResult`; without that a tool must do with what it has. */
  readonly acceptsInputRequired: boolean
  /** Asks the client; absent without a session, and from 2026-07-28 on, where a tool returns an `InputRequiredResult`. */
  readonly ask?: AskClient | undefined
  /** Reports progress to a client that asked for it; does nothing otherwise. */
  progress(progress: number, total?: number, message?: string): Promise<void>
}
