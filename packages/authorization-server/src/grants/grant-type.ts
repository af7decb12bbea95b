import type { Confirmation, RequestContext } from '@gatewright/core'
import type { AuthenticatedClient } from '../client-authentication/authenticated-client.ts'
import type { Key } from '@gatewright/storage'
import type { Endpoint } from '../endpoints/endpoint.ts'
import type { ReadRecords } from '../requests/read-ahead.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'

/** A token request whose client has been authenticated and may use the grant type. */
export interface TokenRequest {
  readonly client: AuthenticatedClient
  /** Without repeated parameters. */
  readonly parameters: RequestParameters
  readonly context: RequestContext
  /** What the tokens must be bound to, proven by the sender. */
  readonly confirmation: Confirmation | undefined
  /** Reads records; those that the grant type's `reads` told have come with the client. Asked again, it asks the storage. */
  readonly read: ReadRecords
}

/**
 * A successful token response. `scope` is always there, since clients that step up build on it.
 *
 * @see [RFC 6749 §5.1 - Successful Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1)
 */
export interface TokenResponse {
  readonly access_token: string
  /** The endpoint sets it from what the tokens are bound to. */
  readonly token_type: string
  readonly expires_in: number
  readonly scope: string
  readonly refresh_token?: string
  readonly id_token?: string
  readonly [parameter: string]: unknown
}

/** One kind of token request. Pass it in the option `grants`; metadata follows. */
export interface GrantType {
  /** Value of `grant_type`. */
  readonly name: string
  /** Every parameter that it reads, besides those of client authentication. */
  readonly parameters: readonly string[]
  /** Endpoints that come with it. */
  readonly endpoints?: readonly Endpoint[]
  /** What it will read first, so that it comes in one round trip with the client, who is not authenticated yet. */
  reads?(parameters: RequestParameters, server: ServerContext): Promise<readonly Key[]>
  /** Mints tokens, or throws an `OAuthError`. A failed request must change nothing. */
  handle(request: TokenRequest, server: ServerContext): Promise<TokenResponse>
}
