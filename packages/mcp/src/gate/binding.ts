import type { AccessToken } from '@gatewright/resource-server'
import type { Message } from './message.ts'

/** How a binding makes progress reports and cancellation reach a handler. */
export interface AnswerOptions {
  readonly signal: AbortSignal
  progress?(progress: number, total?: number, message?: string): Promise<void>
}

/** A request that has passed the gate, for an SDK to serve. */
export interface McpExchange {
  /** Its body has been read. */
  readonly request: Request
  /** The parsed body that the gate decided on. */
  readonly body: unknown
  /** Absent when someone without a token asks for what may be listed without one. */
  readonly caller: AccessToken | undefined
  readonly messages: readonly Message[]
  /** Whether a client waits for progress reports, which need a stream. */
  readonly wantsProgress: boolean
  /** Answers a request about tools, resources or prompts; throws `JsonRpcError`. */
  answer(
    method: string,
    params: Readonly<Record<string, unknown>>,
    options: AnswerOptions,
  ): Promise<Readonly<Record<string, unknown>>>
}

/** One line of the MCP SDK, as far as the gate leaves work to it. */
export interface McpBinding {
  /** Revisions with a handshake, newest first. */
  readonly legacyVersions: readonly string[]
  /** Revisions with an envelope; empty where the SDK knows none. */
  readonly modernVersions: readonly string[]
  serve(exchange: McpExchange): Promise<Response>
}
