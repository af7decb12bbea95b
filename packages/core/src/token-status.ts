/**
 * What an authorization server is asked about a token whose signature is in order: may it still be used?
 *
 * The resource server asks with the claims of the token; a token of another issuer has no `grantId`.
 */
export interface TokenStatusQuery {
  readonly grantId?: string | undefined
  readonly jti?: string | undefined
  readonly clientId?: string | undefined
}
