import type { JWTPayload } from 'jose'
import type { Client } from '../clients/client.ts'
import { verifyIdToken } from '../tokens/verify-id-token.ts'
import type { SubjectToken, SubjectTokens } from './subject-tokens.ts'

/** Which ID tokens may be exchanged, and for what. */
export interface IdTokensOptions {
  /** What the client may get for the user of an ID token. Nobody consented to more than a login, so you decide. */
  readonly scopes: (client: Client, claims: JWTPayload) => readonly string[]
}

/**
 * ID tokens of this server, exchanged by the client that they were issued to.
 *
 * An ID token stands on no grant: what is exchanged for it lives until it expires.
 *
 * @see [OpenID Connect Core 1.0 §3.1.3.7 - ID Token Validation](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)
 */
export function idTokens({ scopes }: IdTokensOptions): SubjectTokens {
  if (typeof scopes !== 'function')
    throw new TypeError('idTokens: scopes is missing; say what a client may get for an ID token')
  return {
    type: 'urn:ietf:params:oauth:token-type:id_token',
    async read(token, client, server) {
      const claims = await verifyIdToken(token, { expired: 'never' }, server)
      // Another client's ID token says that the user logged in there, and not here. An array could name both.
      if (claims?.aud !== client.client_id) return undefined
      if (claims.sub === undefined || claims.exp === undefined) return undefined
      const { sub: subject, exp } = claims
      // It was issued to this client, after a login that the client takes.
      const provider = client.providers?.[0]
      const read: SubjectToken = { subject, exp, provider, scopes: scopes(client, claims), claims }
      return read
    },
  }
}
