import { encodeBase64url } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import type { ServerContext } from '../server-context.ts'
import { signJwt } from '../tokens/sign-jwt.ts'
import { signerFor } from '../tokens/signer-for.ts'

const lifetime = 120

/**
 * Mints the token that tells one client that a session of its user has ended. It has a type of its own and no `nonce`, so
 * that it never passes for an ID token.
 *
 * @see [OpenID Connect Back-Channel Logout 1.0 §2.4 - Logout Token](https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken)
 */
export async function mintLogoutToken(
  { client, subject, sid }: { readonly client: Client; readonly subject: string; readonly sid: string },
  now: number,
  server: ServerContext,
): Promise<string> {
  const issuedAt = Math.floor(now / 1000)
  // OpenID Connect Back-Channel Logout 1.0 §2.6: clients check it with the algorithm of their ID tokens.
  const signer = await signerFor(client.id_token_signed_response_alg, now, server)
  return signJwt(signer, 'logout+jwt', {
    iss: server.issuer,
    sub: subject,
    aud: client.client_id,
    iat: issuedAt,
    exp: issuedAt + lifetime,
    jti: encodeBase64url(server.runtime.randomBytes(16)),
    sid,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
}
