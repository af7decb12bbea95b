import type { NodeRequest } from './node-messages.ts'

/** What a listener may be told about the network in front of it. */
export interface NodeListenerOptions {
  /**
   * Addresses and CIDR ranges of the reverse proxies whose `X-Forwarded-For` is believed, for example `['10.0.0.0/8', '::1']`.
   *
   * The header is read from right to left for as long as it names trusted proxies. A request from a trusted proxy that says
   * nothing readable has no address, so that rules about addresses deny it.
   *
   * @default none: the client's address is the socket's peer
   */
  readonly trustedProxies?: readonly string[]
  /**
   * Gives the client's TLS certificate in PEM: `presentedCertificate` also one that did not verify, for clients that sign their own.
   *
   * @default the certificate that the TLS socket verified; one that was presented but not verified is left out
   */
  readonly clientCertificate?: (request: NodeRequest) => string | undefined
  /**
   * Whether the chain of what `clientCertificate` gives was verified, by a proxy for example.
   *
   * @default what the TLS socket says; `false` with a function of your own as `clientCertificate`
   */
  readonly certificateVerified?: (request: NodeRequest) => boolean
  /** Gives the id that ties the events of one request together. */
  readonly requestId?: (request: NodeRequest) => string
  /**
   * Gives the public path and query of a request, for a proxy in front that removes or changes the path.
   *
   * @default the request target; the one from before the removal when a framework removed the prefix it mounts under
   */
  readonly requestTarget?: (request: NodeRequest) => string
  /** Is told what the handler threw, and why a response body broke off. The client learns neither. */
  readonly onError?: (error: unknown) => void
  /**
   * Whether the globals `Request` and `Response` are replaced by ones that do their work only when it is needed.
   *
   * On Node 20 a small answer costs about three times the CPU without them. They stay `instanceof` compatible with the built-in
   * ones in both directions.
   *
   * @default true
   */
  readonly replaceGlobals?: boolean
}
