import { OAuthError } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * Checks that a request came the way that the operator or the client insists on.
 *
 * @throws {OAuthError} `invalid_request` when it came another way
 */
export function checkRequiredSources(
  client: Client,
  sources: readonly string[],
  server: ServerContext,
): void {
  const missing = server.options.requestSources.find(
    (source) => source.requires?.(client) === true && !sources.includes(source.name),
  )
  if (missing !== undefined)
    throw new OAuthError('invalid_request', `this client must send its requests by ${missing.name}`)
}
