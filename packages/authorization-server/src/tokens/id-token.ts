import { encodeBase64url, sha256 } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import { claimsForScopes } from './identity-claims.ts'
import { signJwt } from './sign-jwt.ts'

/** What an ID token says. */
export interface IdTokenContent {
  readonly clientId: string
  readonly subject: string
  readonly scopes: readonly string[]
  readonly authenticatedAt: number
  readonly amr?: readonly string[] | undefined
  readonly acr?: string | undefined
  /** The session in which the client was approved. */
  readonly sid?: string | undefined
  readonly nonce?: string | undefined
  /** The access token that it is issued with. */
  readonly accessToken: string
  /** Seconds. */
  readonly lifetime: number
  /** What is known of the user. Only the claims that the scopes name are taken from it. */
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Mints an ID token: its audience is the client, so it never passes for an access token.
 *
 * @see [RFC 9068 §5 - Security Considerations](https://www.rfc-editor.org/rfc/rfc9068.html#section-5)
 */
export async function mintIdToken(
  content: IdTokenContent,
  now: number,
  server: ServerContext,
): Promise<string> {
  const signer = await server.keys.signer(now)
  const issuedAt = Math.floor(now / 1000)
  return signJwt(signer, 'JWT', {
    ...claimsForScopes(content.claims, content.scopes),
    iss: server.issuer,
    sub: content.subject,
    aud: content.clientId,
    iat: issuedAt,
    exp: issuedAt + content.lifetime,
    auth_time: Math.floor(content.authenticatedAt / 1000),
    amr: content.amr,
    acr: content.acr,
    sid: content.sid,
    nonce: content.nonce,
    at_hash: await leftHalfHash(content.accessToken),
  })
}

// OpenID Connect Core 1.0 §3.1.3.6: the left half of the hash that belongs to the signing algorithm, SHA-256 for all of ours.
async function leftHalfHash(accessToken: string): Promise<string> {
  return encodeBase64url((await sha256(accessToken)).slice(0, 16))
}
