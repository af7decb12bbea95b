import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'

/**
 * Seconds for which an access token of a client for a resource lives: the shorter of what the two are set to, the
 * server's otherwise, and never longer than the keys that verify it.
 */
export function accessTokenLifetime(
  client: Client,
  resource: string | undefined,
  { options }: ServerContext,
): number {
  const ofResource = options.resources.find((known) => known.resource === resource)?.accessTokenLifetime
  const set = [client.accessTokenLifetime, ofResource].filter((value) => value !== undefined)
  const wanted = set.length === 0 ? options.accessTokenLifetime : Math.min(...set)
  return Math.min(wanted, options.keys.keepAfter ?? wanted)
}
