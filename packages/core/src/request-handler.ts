/**
 * What an adapter knows about a connection that a `Request` does not carry.
 *
 * A field that is absent is unknown, and rules that need it deny.
 */
export interface RequestContext {
  /** Address of the client: the socket's peer, unless the adapter was told which proxies to trust. */
  readonly ip?: string | undefined
  /** The client's TLS certificate in PEM, when the connection presented one. */
  readonly clientCertificate?: string | undefined
  /** Whether the chain of that certificate was verified where the TLS connection ends. Absent: nobody knows. */
  readonly certificateVerified?: boolean | undefined
  /** An id that ties the events of one request together. */
  readonly requestId?: string | undefined
  /** Keeps a runtime alive until work that outlives the response is done. */
  waitUntil?(work: Promise<unknown>): void
}

/** Anything that can be mounted: adapters take it, the servers of Gatewright are one. */
export interface RequestHandler {
  /** Public origin; request URLs are resolved against it, never against the `Host` header. */
  readonly origin: string
  /** Answers the request, or resolves to `undefined` when the path is not one of ours. */
  handle(request: Request, context?: RequestContext): Promise<Response | undefined>
}
