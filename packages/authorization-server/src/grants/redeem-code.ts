import { OAuthError, parseScope } from '@gatewright/core'
import type { EventType } from '@gatewright/core'
import { refreshConstraint } from '../sender/sender-constraint.ts'
import { detailTypes } from '../authorization-details/granted-details.ts'
import { requireInstance } from '../client-authentication/authenticated-client.ts'
import { clientGroups } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'
import type { CodeState } from './grant.ts'
import type { StoredGrant } from './grant-store.ts'
import type { TokenRequest, TokenResponse } from './grant-type.ts'
import { mintTokens, permitIssuance } from './issue-tokens.ts'
import { startRefreshFamily } from './refresh-family.ts'
import { tokenResource } from './token-resource.ts'

/** A code that passed every check of its own; whether it was used already is not one of them. */
export interface CheckedCode {
  readonly grantType: string
  /** The event of a code that was used before. */
  readonly reused: EventType
  readonly grantId: string
  readonly stored: StoredGrant
  readonly code: CodeState
}

/**
 * Issues the first tokens of a grant and marks its code as used, in one commit.
 *
 * @returns `undefined` when the commit was lost and the code must be read again
 * @throws {OAuthError} `invalid_grant` when the code was used before; the grant then ends
 */
export async function redeemCode(
  { grantType, reused, grantId, stored, code }: CheckedCode,
  request: TokenRequest,
  now: number,
  server: ServerContext,
): Promise<TokenResponse | undefined> {
  const { client, context } = request
  const grant = stored.value
  requireInstance(code.instance, client, 'the code')
  const resource = tokenResource(request, grant.resources, server)
  const scopes = parseScope(grant.scope)
  const permitted = await permitIssuance(
    { grantId, grant, grantType, scopes, resource },
    request,
    now,
    server,
  )
  // Every check has passed: only now does a used code mean that it was stolen.
  if (code.usedAt !== undefined) {
    await endReplayed(reused, stored, grantId, code.usedAt, request, now, server)
    throw new OAuthError('invalid_grant', 'the code is not valid')
  }
  const bound = refreshConstraint(client, request.confirmation)
  const refresh = await startRefreshFamily(grantId, grant, client, bound, now, server)
  const { response, jti, operations } = await mintTokens(permitted, refresh?.token, now, server)
  const redeemed = {
    ...grant,
    code: { ...code, usedAt: now },
    ...(refresh === undefined ? {} : { refresh: refresh.family }),
  }
  const storedUntil = Math.max(
    now + response.expires_in * 1000,
    code.expiresAt,
    refresh?.family.idleExpiresAt ?? 0,
  )
  if (!(await server.grants.replace(stored, redeemed, storedUntil, operations, now))) return undefined
  server.emit({
    type: 'token.issued',
    clientId: client.client_id,
    ...clientGroups(client),
    subject: grant.subject,
    grantId,
    jti,
    ip: context.ip,
    grantType,
    scope: response.scope,
    ...detailTypes(permitted.details),
    resource,
    confirmation: request.confirmation,
  })
  return response
}

async function endReplayed(
  type: EventType,
  stored: StoredGrant,
  grantId: string,
  usedAt: number,
  { client, context }: TokenRequest,
  now: number,
  server: ServerContext,
): Promise<void> {
  const { subject } = stored.value
  const details = { clientId: client.client_id, subject, grantId, ip: context.ip }
  server.emit({ type, ...details })
  if (now < usedAt + server.options.codeReplayGrace * 1000) return
  // RFC 6749 §4.1.2: revoke what the code has bought. Only a holder of the verifier gets here, so a leaked code logs nobody out.
  if (await server.grants.revoke(stored, now))
    server.emit({ type: 'grant.revoked', ...details, reason: type })
}
