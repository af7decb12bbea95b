import { formatScope, OAuthError } from '@gatewright/core'
import type { AuthorizationDetail, Confirmation, TokenLimits } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { evaluatePolicies } from '../policies/evaluate-policies.ts'
import type { Operation } from '@gatewright/storage'
import type { User } from '../server-settings.ts'
import { accessTokenLifetime } from '../tokens/access-token-lifetime.ts'
import { mintAccessToken } from '../tokens/access-token.ts'
import { mintIdToken } from '../tokens/id-token.ts'
import { isAdmitted } from '../interaction/require-provider.ts'
import type { ServerContext } from '../server-context.ts'
import type { Grant } from './grant.ts'
import { issuableScopes } from './issuable-scopes.ts'
import type { TokenRequest, TokenResponse } from './grant-type.ts'

/** What a grant is about to issue. */
export interface Issuance {
  readonly grantId: string
  readonly grant: Grant
  readonly grantType: string
  readonly scopes: readonly string[]
  /** The resource of the access token; absent for one that is good for the user's identity only. */
  readonly resource: string | undefined
}

/** An issuance that the user's state and every policy allow now. */
export interface PermittedIssuance extends Issuance {
  readonly client: Client
  readonly user: User
  readonly allowed: TokenLimits
  readonly details: readonly AuthorizationDetail[] | undefined
  /** What the access token is bound to. */
  readonly confirmation: Confirmation | undefined
}

/**
 * Asks whether the user still exists and every policy allows the issuance. Nothing is minted or stored.
 *
 * @throws {OAuthError} `invalid_grant` when the user is gone or logged in where the client's users may not, `invalid_scope` when nothing is left to issue, `access_denied` by policy
 */
export async function permitIssuance(
  issuance: Issuance,
  { client, context, confirmation, parameters }: TokenRequest,
  now: number,
  server: ServerContext,
): Promise<PermittedIssuance> {
  const { grant, grantType, resource, scopes } = issuance
  if (!isAdmitted(client.providers, grant))
    throw new OAuthError('invalid_grant', 'users of this client have to log in in another way')
  const asked = parameters.get('authorization_details')
  const details = server.options.authorizationDetails.forToken(grant.details, asked, resource, client)
  const user = await server.options.findUser(grant.subject)
  if (user === undefined) throw new OAuthError('invalid_grant', 'the grant is no longer valid')
  const issuable = issuableScopes(scopes, { client, user, resource }, server)
  if (issuable.length === 0)
    throw new OAuthError('invalid_scope', 'none of the granted scopes may be issued any more')
  const oauth = {
    client_id: client.client_id,
    grant_type: grantType,
    scope: issuable,
    audience: [resource ?? server.issuer],
    ...(details === undefined ? {} : { authorization_details: details }),
  }
  // A token never outlives the grant that it stands on.
  const remaining = Math.max(1, (grant.expiresAt - now) / 1000)
  const lifetime = Math.min(accessTokenLifetime(client, resource, server), remaining)
  const input = { request: { oauth }, subject: grant.subject, source: { ip: context.ip }, time: now }
  const allowed = await evaluatePolicies(input, client, lifetime, server)
  return { ...issuance, client, user, confirmation, details, allowed }
}

/** Tokens that have been made. They are good for nothing until the operations are committed with the grant. */
export interface MintedTokens {
  readonly response: TokenResponse
  readonly jti: string
  readonly operations: readonly Operation[]
}

/** Mints the tokens of a permitted issuance. Nothing is stored. */
export async function mintTokens(
  { grant, grantId, grantType, client, allowed, user, confirmation, details }: PermittedIssuance,
  refreshToken: string | undefined,
  now: number,
  server: ServerContext,
): Promise<MintedTokens> {
  const { clientId, subject, authenticatedAt, amr, acr, sessionId } = grant
  const { lifetime } = allowed
  const scope = formatScope(allowed.scope)
  const audience = allowed.audience[0] ?? server.issuer
  const content = {
    clientId,
    subject,
    grantId,
    scope,
    audience,
    lifetime,
    authenticatedAt,
    confirmation,
    details,
    user,
  }
  const { token, jti, operations } = await mintAccessToken(content, now, server)
  const identity = {
    clientId,
    algorithm: client.id_token_signed_response_alg,
    subject,
    scopes: allowed.scope,
    authenticatedAt,
    amr,
    acr,
    sid: sessionId,
    nonce: grantType === 'authorization_code' ? grant.nonce : undefined,
    accessToken: token,
    lifetime,
    user,
  }
  const idToken = allowed.scope.includes('openid') ? await mintIdToken(identity, now, server) : undefined
  return {
    jti,
    operations,
    response: {
      access_token: token,
      token_type: 'Bearer',
      expires_in: lifetime,
      scope,
      ...(details === undefined ? {} : { authorization_details: details }),
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      ...(idToken === undefined ? {} : { id_token: idToken }),
    },
  }
}
