import { encodeBase64url } from '@gatewright/core'
import type { User } from '../server-settings.ts'
import type { ServerContext } from '../server-context.ts'
import { claimsForScopes } from './identity-claims.ts'
import { signJwt } from './sign-jwt.ts'
import { signerFor } from './signer-for.ts'

/** What an ID token says. */
export interface IdTokenContent {
  readonly clientId: string
  /** The algorithm that the client is registered for. */
  readonly algorithm: string | undefined
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
  /** Of what is known of the user, the claims are taken that the scopes or the option `claims` name. */
  readonly user: User
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
  const signer = await signerFor(content.algorithm, now, server)
  const { clientId, subject, scopes, user } = content
  const added = await server.options.claims?.make({ target: 'idToken', clientId, subject, scopes, user })
  const issuedAt = Math.floor(now / 1000)
  return signJwt(signer, 'JWT', {
    ...claimsForScopes(user.claims ?? {}, scopes),
    ...added,
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
    at_hash: await leftHalfHash(content.accessToken, signer.alg),
  })
}

// OpenID Connect Core 1.0 §3.1.3.6: the left half of the hash that belongs to the signing algorithm; Ed25519 has SHA-512 inside.
async function leftHalfHash(accessToken: string, alg: string): Promise<string> {
  const bits = /^(?:EdDSA|Ed25519)$/.test(alg) ? '512' : alg.slice(2)
  const hash = new Uint8Array(
    await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(accessToken)),
  )
  return encodeBase64url(hash.slice(0, hash.length / 2))
}
