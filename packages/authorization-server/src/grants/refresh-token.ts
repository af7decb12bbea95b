import { formatScope, isConfirmed, OAuthError, parseScope } from '@gatewright/core'
import { detailTypes } from '../authorization-details/granted-details.ts'
import { requireInstance } from '../client-authentication/authenticated-client.ts'
import { clientGroups } from '../clients/client.ts'
import type { Operation, Stored } from '@gatewright/storage'
import { refreshConstraint, requireConfirmation } from '../sender/sender-constraint.ts'
import type { ServerContext } from '../server-context.ts'
import { checkUpstream } from './check-upstream.ts'
import { commitRounds } from './commit-rounds.ts'
import type { Grant, RefreshFamily } from './grant.ts'
import type { StoredGrant } from './grant-store.ts'
import type { GrantType, TokenRequest, TokenResponse } from './grant-type.ts'
import { mintTokens, permitIssuance } from './issue-tokens.ts'
import type { PermittedIssuance } from './issue-tokens.ts'
import { isCurrent, isOfFamily, rotateRefreshFamily } from './refresh-family.ts'
import { keepRepeat, openRepeat, repeatKey } from './refresh-repeat.ts'
import type { Presented } from './refresh-repeat.ts'
import { settleGrant } from './settle-grant.ts'
import { readRefreshToken } from './token-formats.ts'
import type { RefreshTokenParts } from './token-formats.ts'
import { tokenResource } from './token-resource.ts'

const invalid = (message = 'the refresh token is not valid') => new OAuthError('invalid_grant', message)

/**
 * Exchanges a refresh token for new tokens and rotates it.
 *
 * Within the reuse window the same request gets the same answer again, so that parallel refreshes and lost responses log
 * nobody out. A token that was replaced before that is a stolen one: its reuse ends the grant.
 *
 * @see [RFC 6749 §6 - Refreshing an Access Token](https://www.rfc-editor.org/rfc/rfc6749.html#section-6)
 * @see [RFC 9700 §4.14.2 - Recommendations](https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2)
 */
export function refreshToken(): GrantType {
  return {
    name: 'refresh_token',
    parameters: ['refresh_token', 'scope', 'resource', 'authorization_details'],
    async reads(parameters, server) {
      const parts = await readRefreshToken(parameters.get('refresh_token') ?? '')
      return parts === undefined ? [] : keysOf(parts, server)
    },
    async handle(request, server) {
      const presented = request.parameters.get('refresh_token')
      if (presented === undefined)
        throw new OAuthError('invalid_request', 'the parameter refresh_token is missing')
      const parts = await readRefreshToken(presented)
      if (parts === undefined) throw invalid()
      return commitRounds(() => refresh(presented, parts, request, server))
    },
  }
}

async function refresh(
  token: string,
  parts: RefreshTokenParts,
  request: TokenRequest,
  server: ServerContext,
): Promise<TokenResponse | undefined> {
  const now = server.now()
  const { client, parameters } = request
  const { grantId } = parts
  const [found, repeat] = await request.read(keysOf(parts, server))
  const stored = found as StoredGrant | undefined
  const family = stored?.value.refresh
  if (stored === undefined || family === undefined) throw invalid()
  const grant = stored.value
  if (grant.clientId !== client.client_id) throw invalid()
  const current = isCurrent(parts, family)
  // A token that is not authentic is ignored: garbling a token must not be a way to log a user out.
  if (!current && !(await isOfFamily(parts, family))) throw invalid()
  if (family.idleExpiresAt <= now || grant.expiresAt <= now) throw invalid('the refresh token has expired')
  requireConfirmation(family.cnf, request.confirmation, 'the refresh token')
  requireInstance(family.instance, client, 'the refresh token')
  await checkUpstream(grantId, stored, request, now, server)
  const resource = tokenResource(request, grant.resources, server)
  const scopes = refreshedScopes(parameters.get('scope'), grant)
  const issuance = { grantId, grant, grantType: 'refresh_token', scopes, resource }
  const permitted = await permitIssuance(issuance, request, now, server)
  const presented = { token, hash: parts.hash }
  const presentation = { presented, parts, stored, repeat, family, request, now }

  if (current) return rotate(presentation, permitted, server)
  // Nobody was given it: only one token of a generation is.
  if (parts.generation === family.generation) throw invalid()
  const earlier = await openRepeat(presented, repeat)
  if (earlier === undefined) return endReused(presentation, server)
  const { confirmation } = request
  const sameKey =
    isConfirmed(earlier.confirmation, confirmation) && isConfirmed(confirmation, earlier.confirmation)
  const sameDetails = JSON.stringify(earlier.details) === JSON.stringify(permitted.details)
  if (
    !sameKey ||
    !sameDetails ||
    formatScope(earlier.scopes) !== formatScope(scopes) ||
    earlier.resource !== resource
  )
    throw invalid('the refresh token was just used with another scope, resource, key or details')
  server.emit({
    type: 'refresh_token.repeated',
    clientId: client.client_id,
    subject: grant.subject,
    grantId,
    ip: request.context.ip,
  })
  return earlier.response
}

const keysOf = ({ grantId }: RefreshTokenParts, server: ServerContext) => [
  server.grants.grantKey(grantId),
  repeatKey(grantId, server),
]

interface Presentation {
  readonly presented: Presented
  readonly parts: RefreshTokenParts
  readonly stored: StoredGrant
  /** The answer that the latest refresh of the grant got, as long as it is kept. */
  readonly repeat: Stored | undefined
  readonly family: RefreshFamily
  readonly request: TokenRequest
  readonly now: number
}

async function rotate(
  { presented, parts, stored, repeat, family, request, now }: Presentation,
  permitted: PermittedIssuance,
  server: ServerContext,
): Promise<TokenResponse | undefined> {
  const { grantId, grant, scopes, resource, confirmation, details: granted } = permitted
  const { ip } = request.context
  const bound = refreshConstraint(request.client, confirmation)
  const { client } = request
  const next = await rotateRefreshFamily(grantId, grant, family, parts.family, client, bound, ip, now, server)
  const { response, jti, operations } = await mintTokens(permitted, next.token, now, server)
  const { refreshReuseWindow } = server.options
  const also: Operation[] = [...operations]
  // Either way the window of the token before ends here: its successor has been used.
  if (refreshReuseWindow > 0) {
    const answer = { scopes, resource, confirmation, details: granted, response }
    const key = repeatKey(grantId, server)
    also.push(await keepRepeat(answer, presented, key, repeat, now + refreshReuseWindow * 1000))
  } else if (repeat !== undefined) also.push({ type: 'delete', key: repeat.key })
  const storedUntil = Math.max(now + response.expires_in * 1000, next.family.idleExpiresAt)
  const rotated = { ...settleGrant(grant, now), refresh: next.family }
  if (!(await server.grants.replace(stored, rotated, storedUntil, also, now))) return undefined
  const details = { clientId: grant.clientId, subject: grant.subject, grantId, ip }
  server.emit({ type: 'refresh_token.rotated', ...details })
  server.emit({
    type: 'token.issued',
    ...details,
    ...clientGroups(client),
    ...detailTypes(granted),
    jti,
    grantType: 'refresh_token',
    scope: response.scope,
    resource,
    confirmation,
  })
  return response
}

async function endReused(
  { parts, stored, family, request, now }: Presentation,
  server: ServerContext,
): Promise<never> {
  const { clientId, subject } = stored.value
  const { generation, rotatedAt, rotatedFrom = 'an unknown address' } = family
  const details = { clientId, subject, grantId: parts.grantId, ip: request.context.ip }
  server.emit({
    type: 'refresh_token.reused',
    ...details,
    message: `a token of generation ${parts.generation} was presented; ${rotatedFrom} got the current one, of generation ${generation}, at ${new Date(rotatedAt).toISOString()}`,
    // Only the latest rotation is on record. It was the successor's first use when exactly one more followed.
    ...(generation === parts.generation + 2
      ? { successorUsed: { at: rotatedAt, ip: family.rotatedFrom } }
      : {}),
  })
  if (await server.grants.revoke(stored, now))
    server.emit({ type: 'grant.revoked', ...details, reason: 'refresh_token.reused' })
  throw invalid()
}

/**
 * The scopes of a refreshed token: those of the grant, or fewer.
 *
 * Some clients repeat what they once requested, so a scope that was requested and not granted is left out silently.
 */
function refreshedScopes(requested: string | undefined, grant: Grant): readonly string[] {
  const granted = parseScope(grant.scope)
  if (requested === undefined) return granted
  const wanted = parseScope(requested)
  const once = new Set([...granted, ...parseScope(grant.requestedScope)])
  // RFC 6749 §6: must not include any scope not originally granted.
  if (wanted.some((name) => !once.has(name)))
    throw new OAuthError('invalid_scope', 'a scope goes beyond what was requested at first')
  const narrowed = granted.filter((name) => wanted.includes(name))
  if (narrowed.length === 0) throw new OAuthError('invalid_scope', 'none of the scopes was granted')
  return narrowed
}
