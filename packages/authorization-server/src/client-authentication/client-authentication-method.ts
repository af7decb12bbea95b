import type { RequestContext } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'

/** What a request presented to authenticate a client; possible readings of it, best first. */
export interface ClientCredentials {
  readonly candidates: readonly [ClientCandidate, ...ClientCandidate[]]
}

/** One reading of the presented credentials. */
export interface ClientCandidate {
  readonly clientId: string
  /** The secret or assertion; absent for a method that presents none. */
  readonly secret?: string
}

/**
 * One way in which a client proves who it is.
 *
 * @see [RFC 6749 §2.3 - Client Authentication](https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3)
 */
export interface ClientAuthenticationMethod {
  /** Value of `token_endpoint_auth_method`. */
  readonly name: string
  /** The credentials of this method in the request, or `undefined` when the request does not use it. */
  detect(
    headers: Headers,
    parameters: RequestParameters,
    context: RequestContext,
  ): ClientCredentials | undefined
  /** `true` when the credentials are right for the client; otherwise `false`, or a sentence for the operator that says why. */
  verify(candidate: ClientCandidate, client: Client, server: ServerContext): Promise<boolean | string>
  /**
   * Whether a request that only names its client uses this method. Of several such methods that the request would fit, the one
   * counts that the client is registered with.
   *
   * @default false
   */
  readonly isImplicit?: boolean
  /** The JWS algorithms of assertions, for the metadata document. */
  readonly signingAlgorithms?: readonly string[]
}
