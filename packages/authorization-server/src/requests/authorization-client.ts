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
    // The same for everything that can be wrong with a document: the page is no way to look into the server's network.
    throw isDocumentUrl(clientId, server)
      ? new PageError(
          'unchecked_app',
          'invalid_client',
          'the document behind the client_id could not be used',
        )
      : new PageError('unknown_app', 'invalid_client', 'no client has this client_id')
  }
  return client
}

function isDocumentUrl(clientId: string, { options }: ServerContext): boolean {
  return (
    clientId.startsWith('https://') &&
    options.clients.some(({ metadata }) => metadata?.client_id_metadata_document_supported === true)
  )
}
