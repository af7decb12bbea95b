import type { RequestHandler } from '@gatewright/core'

/** The options that all adapters share. */
export interface AdapterOptions {
  readonly trustedProxies?: readonly string[]
  readonly onError?: (error: unknown) => void
}

/** A server that listens, with the handler mounted on it. */
export interface StartedAdapter {
  /** Where it listens, for example `http://127.0.0.1:41234`. */
  readonly url: string
  /** Stops it and drops its connections. */
  readonly close: () => Promise<void>
}

/** Starts a server with the handler mounted. */
export type StartAdapter = (handler: RequestHandler, options: AdapterOptions) => Promise<StartedAdapter>

/** What is special about a server under test. */
export interface AdapterTraits {
  /** Path under which the handler is mounted; its URLs include it. */
  readonly prefix?: string
  /** Whether JSON and form bodies are parsed before the handler sees the request. */
  readonly parsed?: boolean
  /** Whether the server speaks HTTP/2 over TLS. */
  readonly http2?: boolean
  /** Whether all bodies are streams of unknown length to the adapter, as those of the built-in `Response` are. */
  readonly lengthless?: boolean
  /**
   * Whether the adapter is a middleware that gets and gives web objects. What the framework's own server reads from the wire and
   * writes to it is then not the adapter's matter.
   */
  readonly middleware?: boolean
  /** Why the server cannot take a request target that is a whole URL, if so: the tests of it are then skipped. */
  readonly noWholeTargets?: string
  /** Whether an app stands behind that answers `app <method> <body>` to everything the handler leaves. Otherwise that is a 404. */
  readonly app?: boolean
}
