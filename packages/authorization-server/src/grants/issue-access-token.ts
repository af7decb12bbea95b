import { formatScope } from '@gatewright/core'
import type { Act, AuthorizationDetail, TokenPolicyInput } from '@gatewright/core'
import { detailTypes } from '../authorization-details/granted-details.ts'
import { evaluatePolicies } from '../policies/evaluate-policies.ts'
import { clientGroups } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'
import type { User } from '../server-settings.ts'
import { mintAccessToken } from '../tokens/access-token.ts'
import type { TokenRequest, TokenResponse } from './grant-type.ts'

/** An access token that is about to be issued without an approval of its own. */
export interface AccessTokenIssuance {
  readonly grantType: string
  readonly subject: string
  /** The grant that it stands on, when another token stood on one. */
  readonly grantId?: string | undefined
  readonly act?: Act | undefined
  readonly scopes: readonly string[]
  readonly resource: string
  readonly details?: readonly AuthorizationDetail[] | undefined
  /** Seconds. */
  readonly lifetime: number
  /** In milliseconds. */
  readonly authenticatedAt?: number | undefined
  /** What policies are shown of the token or assertion that was presented. */
  readonly presented?: Readonly<Record<string, unknown>> | undefined
  /** Whose claims the option `claims` may take; `undefined` when a client acts for itself. */
  readonly user: User | undefined
  /** Whether policies are told the subject: not where the client acts for itself. */
  readonly forUser: boolean
  /** Uses up what was presented, when everything else allows the token. Throws to refuse. */
  readonly claim?: () => Promise<void>
}

/** Asks the policies, mints the token, stores it where it is opaque, and reports it. */
export async function issueAccessToken(
  issuance: AccessTokenIssuance,
  { client, context, confirmation }: TokenRequest,
  now: number,
  server: ServerContext,
): Promise<TokenResponse> {
  const { grantType, subject, grantId, act, scopes, resource, details, lifetime, authenticatedAt } = issuance
  const { client_id: clientId } = client
  const oauth = {
    client_id: clientId,
    grant_type: grantType,
    scope: scopes,
    audience: [resource],
    ...(details === undefined ? {} : { authorization_details: details }),
    ...(issuance.presented === undefined ? {} : { subject_token: { claims: { ...issuance.presented } } }),
  }
  const input: TokenPolicyInput = {
    request: { oauth },
    ...(issuance.forUser ? { subject } : {}),
    act,
    source: { ip: context.ip },
    time: now,
  }
  const allowed = await evaluatePolicies(input, client, lifetime, server)
  const scope = formatScope(allowed.scope)
  const audience = allowed.audience[0] ?? resource
  const content = {
    clientId,
    subject,
    grantId,
    scope,
    audience,
    lifetime: allowed.lifetime,
    authenticatedAt,
    act,
    confirmation,
    details,
    user: issuance.user,
  }
  const { token, jti, operations } = await mintAccessToken(content, now, server)
  // After the minting, so that claims which cannot be made use nothing up; before anything is stored or told.
  await issuance.claim?.()
  const [first, ...rest] = operations
  if (first !== undefined && !(await server.storage.commit([first, ...rest], now)))
    throw new Error('a new token id is already taken: the random source repeats itself')
  server.emit({
    type: 'token.issued',
    clientId,
    subject,
    grantId,
    jti,
    act,
    ip: context.ip,
    ...clientGroups(client),
    ...detailTypes(details),
    grantType,
    scope,
    resource: audience,
    confirmation,
  })
  return {
    access_token: token,
    token_type: 'Bearer',
    expires_in: allowed.lifetime,
    scope,
    ...(details === undefined ? {} : { authorization_details: details }),
  }
}
