import { OAuthError } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import type { StoredGrant } from './grant-store.ts'
import type { TokenRequest } from './grant-type.ts'

/** What is known of a grant where somebody else decides whether it goes on. */
export interface CheckedGrant {
  readonly grantId: string
  readonly clientId: string
  readonly subject: string
  /** The provider that vouched for the user. */
  readonly provider?: string | undefined
}

/**
 * Asks `checkGrant` whether a grant goes on before it is refreshed. Nothing has been changed yet, so that a client may
 * repeat the request when the answer is `temporarily_unavailable`.
 *
 * @throws {OAuthError} what `checkGrant` throws; `invalid_grant` ends the grant
 */
export async function checkUpstream(
  grantId: string,
  stored: StoredGrant,
  { context }: TokenRequest,
  now: number,
  server: ServerContext,
): Promise<void> {
  const { clientId, subject, provider } = stored.value
  try {
    await server.options.checkGrant({ grantId, clientId, subject, provider })
  } catch (thrown) {
    const ended = thrown instanceof OAuthError && thrown.code === 'invalid_grant'
    if (ended && (await server.grants.revoke(stored, now)))
      server.emit({
        type: 'grant.revoked',
        clientId,
        subject,
        grantId,
        provider,
        ip: context.ip,
        reason: 'provider.ended',
        cause: thrown.cause,
      })
    throw thrown
  }
}
