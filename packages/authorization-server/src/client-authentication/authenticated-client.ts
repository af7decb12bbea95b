import { OAuthError } from '@gatewright/core'
import type { Client } from '../clients/client.ts'

/** A client as one request has proven it. */
export interface AuthenticatedClient extends Client {
  /** Thumbprint of the key of the instance that asks, for a client that is attested. What it gets may be of use to this instance alone. */
  readonly instance?: string
}

/**
 * Insists that what one instance of a client got is presented by that instance. What no instance got is for all of them.
 *
 * @throws {OAuthError} `invalid_grant`
 */
export function requireInstance(
  instance: string | undefined,
  client: AuthenticatedClient,
  what: string,
): void {
  if (instance !== undefined && instance !== client.instance)
    throw new OAuthError('invalid_grant', `${what} is bound to another instance of the client`)
}
