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
  /** What proves that the sender holds the key that the secret names. */
  readonly proof?: string
}

/** The instance of a client that a method has told apart from its others. */
export interface ProvenInstance {
  /** Thumbprint of the key that this instance alone holds. What it is issued is bound to it. */
  readonly instance: string
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
  /**
   * `true`, or the instance, when the credentials are right for the client; otherwise `false`, or a sentence for the operator that
   * says why. An `OAuthError` that it throws is the answer.
   */
  verify(
    candidate: ClientCandidate,
    client: Client,
    server: ServerContext,
  ): Promise<boolean | string | ProvenInstance>
  /**
   * Whether a request that only names its client uses this method. Of several such methods that the request would fit, the one
   * counts that the client is registered with.
   *
   * @default false
   */
  readonly isImplicit?: boolean
  /** The JWS algorithms of assertions, for the metadata document. */
  readonly signingAlgorithms?: readonly string[]
  /** Why a client that the operator registered with this method could never use it; called once for each at the start. */
  problem?(clientId: string): string | undefined
  /** What else the metadata document says about it. */
  readonly metadata?: Readonly<Record<string, unknown>>
}
