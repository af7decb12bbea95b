import { constantTimeEqual, OAuthError, parseScope, sha256Base64url } from '@gatewright/core'
import { verifyCodeChallenge } from '@gatewright/pkce'
import type { ServerContext } from '../server-context.ts'
import { commitRounds } from './commit-rounds.ts'
import type { CodeState } from './grant.ts'
import type { GrantType, TokenRequest, TokenResponse } from './grant-type.ts'
import type { StoredGrant } from './grant-store.ts'
import { mintTokens, permitIssuance } from './issue-tokens.ts'
import { startRefreshFamily } from './refresh-family.ts'
import { grantIdOfCode } from './token-formats.ts'
import { tokenResource } from './token-resource.ts'

const wrongVerifiersAllowed = 5

const invalid = (message = 'the authorization code is not valid') => new OAuthError('invalid_grant', message)

/**
 * Exchanges an authorization code for tokens, exactly once.
 *
 * A request that fails any check leaves the code as it was. A repetition that passes every check is a theft in progress:
 * it ends the grant, so that the tokens of the first exchange stop as well.
 *
 * @see [RFC 6749 §4.1.3 - Access Token Request](https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.3)
 */
export function authorizationCode(): GrantType {
  return {
    name: 'authorization_code',
    parameters: ['code', 'redirect_uri', 'code_verifier', 'resource'],
    async handle(request, server) {
      const code = request.parameters.get('code')
      if (code === undefined) throw new OAuthError('invalid_request', 'the parameter code is missing')
      const grantId = grantIdOfCode(code)
      if (grantId === undefined) throw invalid()
      const hash = await sha256Base64url(code)
      return commitRounds(() => redeem(grantId, hash, request, server))
    },
  }
}

async function redeem(
  grantId: string,
  hash: string,
  request: TokenRequest,
  server: ServerContext,
): Promise<TokenResponse | undefined> {
  const now = server.now()
  const stored = await server.grants.read(grantId, now)
  if (stored === undefined) throw invalid()
  const grant = stored.value
  const code = await checkCode(stored, grantId, hash, request, now, server)
  const { client, context } = request
  const resource = tokenResource(request, grant.resources, server)
  const scopes = parseScope(grant.scope)
  const permitted = await permitIssuance(
    { grantId, grant, grantType: 'authorization_code', scopes, resource },
    request,
    now,
    server,
  )
  // Every check has passed: only now does a used code mean that it was stolen.
  if (code.usedAt !== undefined) {
    await endReplayed(stored, grantId, code.usedAt, request, now, server)
    throw invalid()
  }
  const refresh = await startRefreshFamily(grantId, grant, client, now, server)
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
    subject: grant.subject,
    grantId,
    jti,
    ip: context.ip,
    grantType: 'authorization_code',
    scope: response.scope,
    resource,
  })
  return response
}

/** Checks everything about the code but whether it was used. */
async function checkCode(
  { value: grant, key, revision }: StoredGrant,
  grantId: string,
  hash: string,
  { client, parameters, context }: TokenRequest,
  now: number,
  server: ServerContext,
): Promise<CodeState> {
  const { code } = grant
  if (code === undefined || !constantTimeEqual(code.hash, hash) || grant.clientId !== client.client_id)
    throw invalid()
  if (code.expiresAt <= now || grant.expiresAt <= now) throw invalid('the authorization code has expired')
  const redirectUri = parameters.get('redirect_uri')
  // OAuth 2.1 draft-13 §10.2: the parameter is gone from the token request, but one that is sent must be the right one.
  if (redirectUri !== undefined && redirectUri !== code.redirectUri)
    throw invalid('redirect_uri differs from the one of the authorization request')
  const verifier = parameters.get('code_verifier')
  if (code.challenge === undefined) {
    // RFC 9700 §4.8.2: a verifier for a code without a challenge means that the challenge was stripped on the way.
    if (verifier !== undefined)
      throw new OAuthError('invalid_request', 'the code was requested without a code_challenge')
    if (redirectUri === undefined && code.redirectUriSent) throw invalid('redirect_uri is missing')
    return code
  }
  if (verifier === undefined) throw new OAuthError('invalid_grant', 'code_verifier is missing')
  if (await verifyCodeChallenge(verifier, code.challenge)) return code
  server.emit({
    type: 'authorization_code.verifier_failed',
    clientId: client.client_id,
    grantId,
    ip: context.ip,
  })
  if (code.usedAt === undefined) {
    const attempts = await server.counter.hit(`verifier:${hash}`, {
      window: server.options.codeLifetime,
      limit: wrongVerifiersAllowed - 1,
      now,
    })
    // Somebody who holds the code but not the verifier gets five guesses.
    if (!attempts.allowed) await server.storage.commit([{ type: 'delete', key, revision }], now)
  }
  throw invalid('code_verifier does not match the code_challenge')
}

async function endReplayed(
  stored: StoredGrant,
  grantId: string,
  usedAt: number,
  { client, context }: TokenRequest,
  now: number,
  server: ServerContext,
): Promise<void> {
  const { subject } = stored.value
  const details = { clientId: client.client_id, subject, grantId, ip: context.ip }
  server.emit({ type: 'authorization_code.reused', ...details })
  if (now < usedAt + server.options.codeReplayGrace * 1000) return
  // RFC 6749 §4.1.2: revoke what the code has bought. Only a holder of the verifier gets here, so a leaked code logs nobody out.
  if (await server.grants.revoke(stored, now))
    server.emit({ type: 'grant.revoked', ...details, reason: 'authorization_code.reused' })
}
