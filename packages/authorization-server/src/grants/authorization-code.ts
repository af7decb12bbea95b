import { constantTimeEqual, OAuthError, sha256Base64url } from '@gatewright/core'
import { verifyCodeChallenge } from '@gatewright/pkce'
import { requireConfirmation } from '../sender/sender-constraint.ts'
import type { ServerContext } from '../server-context.ts'
import { commitRounds } from './commit-rounds.ts'
import type { CodeState } from './grant.ts'
import type { GrantType, TokenRequest, TokenResponse } from './grant-type.ts'
import type { StoredGrant } from './grant-store.ts'
import { redeemCode } from './redeem-code.ts'
import { grantIdOfCode } from './token-formats.ts'

const name = 'authorization_code'
const wrongVerifiersAllowed = 5

// An unused code leaves the storage when it expires, so expiry is most of what this says.
const notValid =
  'the authorization code is not valid: it is unknown, or has expired, or its grant was revoked'
const invalid = (message = notValid) => new OAuthError('invalid_grant', message)

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
    name,
    parameters: ['code', 'redirect_uri', 'code_verifier', 'resource', 'authorization_details'],
    async reads(parameters, server) {
      const grantId = grantIdOfCode(parameters.get('code') ?? '')
      return grantId === undefined ? [] : [server.grants.grantKey(grantId)]
    },
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
  const [found] = await request.read([server.grants.grantKey(grantId)])
  const stored = found as StoredGrant | undefined
  if (stored === undefined) throw invalid()
  const code = await checkCode(stored, grantId, hash, request, now, server)
  const reused = 'authorization_code.reused'
  return redeemCode({ grantType: name, reused, grantId, stored, code }, request, now, server)
}

/** Checks everything about the code but whether it was used. */
async function checkCode(
  { value: grant, key, revision }: StoredGrant,
  grantId: string,
  hash: string,
  { client, parameters, context, confirmation }: TokenRequest,
  now: number,
  server: ServerContext,
): Promise<CodeState> {
  const { code } = grant
  // A device code is redeemed elsewhere: it has no redirect URI and no challenge that could be checked here.
  if (
    code?.redirectUri === undefined ||
    !constantTimeEqual(code.hash, hash) ||
    grant.clientId !== client.client_id
  )
    throw invalid()
  if (code.expiresAt <= now || grant.expiresAt <= now) throw invalid('the authorization code has expired')
  // RFC 9449 §10: whoever stole the code and the verifier still lacks the key.
  requireConfirmation({ jkt: code.jkt }, confirmation, 'the authorization code')
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
