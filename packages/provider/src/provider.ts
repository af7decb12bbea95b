import type { LoginProvider, ProviderLogout, ProviderTokens } from '@gatewright/core'
import type { UpstreamLogout } from './verify-logout-token.ts'

/** A provider to log in through, and what can be done with the tokens that it issues. */
export interface Provider extends LoginProvider {
  /**
   * Fetches what the provider says about itself, so that a wrong configuration shows at start-up and not at the first login.
   *
   * @throws {TypeError} when the provider is another than the configured one, or has no place for the single logout
   * @throws {OAuthError} when it cannot be asked
   */
  prepare(): Promise<void>
  /**
   * Gets a new access token. What the provider does not repeat, such as a refresh token that stays valid, is taken over.
   *
   * @throws {OAuthError} `invalid_grant` when the provider has ended the grant, `temporarily_unavailable` when it cannot be asked
   * @see [RFC 6749 §6 - Refreshing an Access Token](https://www.rfc-editor.org/rfc/rfc6749.html#section-6)
   */
  refresh(tokens: ProviderTokens): Promise<ProviderTokens>
  /**
   * Gives the tokens back. Resolves to whether the provider has an endpoint for that.
   *
   * @throws {OAuthError} when the provider refuses or cannot be asked
   * @see [RFC 7009 §2 - Token Revocation](https://www.rfc-editor.org/rfc/rfc7009.html#section-2)
   */
  revoke(tokens: ProviderTokens): Promise<boolean>
  /**
   * Where to send the browser to end the user's session at the provider, or `undefined` when there is no such place. An ID
   * token that would make the URL too long for servers is left out; the provider then asks the user.
   *
   * @see [OpenID Connect RP-Initiated Logout 1.0 §2](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout)
   */
  logoutUrl(request?: ProviderLogout): Promise<string | undefined>
  /**
   * Verifies what the provider sends when a user has logged out there. `backchannelLogout` does it, and takes each token once.
   *
   * @throws {OAuthError} `invalid_request` when the token is not in order, `temporarily_unavailable` when the keys cannot be read
   * @see [OpenID Connect Back-Channel Logout 1.0 §2.6 - Logout Token Validation](https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation)
   */
  verifyLogoutToken(token: string): Promise<UpstreamLogout>
}
