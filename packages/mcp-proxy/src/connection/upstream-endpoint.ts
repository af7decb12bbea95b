import type { Transport } from '@modelcontextprotocol/client'

/** What a transport is opened with. */
export interface OpenOptions {
  /** The headers of the next request; asked for each. */
  headers(): Promise<Readonly<Record<string, string>>>
  /** Called when the upstream says 401. */
  rejected(): void
  readonly fetch: typeof fetch
  /** Bytes of one answer, or of one message over stdio. */
  readonly maximumBytes: number
}

/** Where an upstream is. */
export interface UpstreamEndpoint {
  /** Whether it is reached over HTTP, where each request can have headers of its own. */
  readonly http: boolean
  /** For events: no secret. */
  readonly address: string
  open(options: OpenOptions): Transport & { terminateSession?(): Promise<void> }
}
