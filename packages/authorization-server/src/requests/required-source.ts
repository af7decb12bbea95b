import { OAuthError } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { unheldDemand } from '../clients/metadata-of-parts.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * Checks that a request came the way that the operator or the client insists on.
 *
 * @throws {OAuthError} `invalid_request` when it came another way, or the server has not the way that the client insists on
 */
export function checkRequiredSources(
  client: Client,
  sources: readonly string[],
  server: ServerContext,
): void {
  // A client may have registered itself when the server had more parts. Let through now, its requests could be anybody's.
  const unheld = unheldDemand(client, server.options)
  if (unheld !== undefined) throw new OAuthError('invalid_request', unheld)
  const missing = server.options.requestSources.find(
    (source) => source.requires?.(client) === true && !sources.includes(source.name),
  )
  if (missing !== undefined)
    throw new OAuthError('invalid_request', `this client must send its requests by ${missing.name}`)
}
