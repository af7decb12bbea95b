import { formatScope } from '@gatewright/core'
import type { Subject } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { PendingApproval } from '../interaction/pending-request.ts'
import type { ServerContext } from '../server-context.ts'
import type { Grant } from './grant.ts'
import { refreshTokenLifetime } from './refresh-token-lifetime.ts'

/** The grant that a user's approval makes, without the code that it is redeemed by. */
export function newGrant(
  {
    requestedScope,
    scopes: asked,
    resources,
  }: Pick<PendingApproval, 'requestedScope' | 'scopes' | 'resources'>,
  client: Client,
  { subject, authenticatedAt, amr, provider, acr }: Subject,
  scopes: readonly string[],
  now: number,
  server: ServerContext,
): Omit<Grant, 'code'> {
  const scope = formatScope(scopes)
  const declined = asked.includes('offline_access') && !scopes.includes('offline_access')
  return {
    schema: 1,
    clientId: client.client_id,
    subject,
    scope,
    ...(declined ? { offlineDeclined: true } : {}),
    ...(requestedScope === scope ? {} : { requestedScope }),
    resources,
    authenticatedAt,
    createdAt: now,
    expiresAt: now + refreshTokenLifetime(client, server) * 1000,
    ...(amr === undefined ? {} : { amr }),
    ...(provider === undefined ? {} : { provider }),
    ...(acr === undefined ? {} : { acr }),
  }
}
