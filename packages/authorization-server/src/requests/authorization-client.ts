import type { Client } from '../clients/client.ts'
import { findClient } from '../clients/client-source.ts'
import type { ServerContext } from '../server-context.ts'
import { PageError } from './page-error.ts'

/**
 * The client that an authorization request names.
 *
 * @throws {PageError} `invalid_client` when there is none
 */
export async function authorizationClient(
  clientId: string,
  ip: string | undefined,
  server: ServerContext,
): Promise<Client> {
  const client = await findClient(clientId, server, { purpose: 'authorization', ip })
  if (client === undefined) {
    server.emit({
      type: 'authorization.refused',
      clientId: clientId.slice(0, 256),
      ip,
      reason: 'unknown_client',
    })
    throw new PageError('unknown_app', 'invalid_client', 'no client has this client_id')
  }
  return client
}
