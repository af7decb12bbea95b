import type { AccessToken } from '@gatewright/resource-server'
import type { ListMethod } from '../registry/mcp-methods.ts'
import type { AskClient } from '../registry/caller.ts'
import type { Message } from './message.ts'

/** How a binding makes progress reports, questions and cancellation reach a handler. */
export interface AnswerOptions {
  readonly signal: AbortSignal
  progress?(progress: number, total?: number, message?: string): Promise<void>
  readonly ask?: AskClient | undefined
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

/** An SDK's server with its transport, for as long as a session lasts. */
export interface SessionConnection {
  /** Serves a request of the session that has passed the gate; one without a body has no exchange. */
  serve(request: Request, caller: AccessToken, exchange: McpExchange | undefined): Promise<Response>
  /** Tells the client, as far as it listens. */
  listChanged(method: ListMethod): void
  close(): Promise<void>
}

/** A stream on which a client waits for news. */
export interface ListenStream {
  readonly response: Response
  listChanged(method: ListMethod): void
  close(): void
}

/** One line of the MCP SDK, as far as the gate leaves work to it. */
export interface McpBinding {
  /** Revisions with a handshake, newest first. */
  readonly legacyVersions: readonly string[]
  /** Revisions with an envelope; empty where the SDK knows none. */
  readonly modernVersions: readonly string[]
  serve(exchange: McpExchange): Promise<Response>
  /** Begins a session of the handshake era; `ended` is called when the client ends it. */
  openSession(id: string, ended: () => void): Promise<SessionConnection>
  /** Serves `subscriptions/listen`; absent where the SDK does not know it. */
  listen?(exchange: McpExchange): Promise<ListenStream>
}
