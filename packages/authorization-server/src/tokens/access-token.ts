import { encodeBase64url } from '@gatewright/core'
import type { Act } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import { signJwt } from './sign-jwt.ts'

/** What an access token says. */
export interface AccessTokenContent {
  readonly clientId: string
  readonly subject: string
  readonly grantId: string
  readonly scope: string
  readonly audience: string
  /** Seconds. */
  readonly lifetime: number
  readonly authenticatedAt?: number
  readonly act?: Act
}

/** A minted access token with what events and the response need of it. */
export interface MintedAccessToken {
  readonly token: string
  readonly jti: string
}

/**
 * Mints a JWT access token. Its claims are written out here one by one: nothing of a user object can slip in.
 *
 * @see [RFC 9068 §2 - JWT Access Token Header and Data Structure](https://www.rfc-editor.org/rfc/rfc9068.html#section-2)
 */
export async function mintAccessToken(
  content: AccessTokenContent,
  now: number,
  server: ServerContext,
): Promise<MintedAccessToken> {
  const issuedAt = Math.floor(now / 1000)
  const jti = encodeBase64url(server.runtime.randomBytes(16))
  const token = await signJwt(await server.keys.signer(now), 'at+jwt', {
    iss: server.issuer,
    sub: content.subject,
    aud: content.audience,
    client_id: content.clientId,
    scope: content.scope,
    jti,
    iat: issuedAt,
    exp: issuedAt + content.lifetime,
    auth_time: content.authenticatedAt === undefined ? undefined : Math.floor(content.authenticatedAt / 1000),
    act: content.act,
    // Lets a resource server ask whether the grant behind the token still stands.
    grant_id: content.grantId,
  })
  return { token, jti }
}
