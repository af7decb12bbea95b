import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'

/** Seconds after which a user must approve a client again, whatever is refreshed. */
export function refreshTokenLifetime(
  { refreshTokenLifetime: own }: Client,
  { options }: ServerContext,
): number {
  return own ?? options.refreshTokenLifetime
}

/** Seconds that a refresh token of a client may lie unused. */
export function refreshTokenIdleLifetime(
  { refreshTokenIdleLifetime: own }: Client,
  { options }: ServerContext,
): number {
  return own ?? options.refreshTokenIdleLifetime
}
