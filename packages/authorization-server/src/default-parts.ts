import { createDpopVerifier } from '@gatewright/dpop'
import type { DpopOptions } from '@gatewright/dpop'
import type { AuthorizationDetailsOptions } from './authorization-details/authorization-detail-type.ts'
import { authorizationDetailTypes } from './authorization-details/detail-rules.ts'
import type { ClientAuthenticationMethod } from './client-authentication/client-authentication-method.ts'
import { clientSecretBasic } from './client-authentication/client-secret-basic.ts'
import { clientSecretPost } from './client-authentication/client-secret-post.ts'
import { none } from './client-authentication/none.ts'
import { privateKeyJwt } from './client-authentication/private-key-jwt.ts'
import { account } from './endpoints/account.ts'
import { endSession } from './endpoints/end-session.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { introspection } from './endpoints/introspection.ts'
import { providerLogins } from './endpoints/provider-logins.ts'
import { revocation } from './endpoints/revocation.ts'
import { userinfo } from './endpoints/userinfo.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import type { GrantType } from './grants/grant-type.ts'
import { refreshToken } from './grants/refresh-token.ts'
import { backChannelLogout } from './logout/back-channel-logout.ts'
import { lastLogout } from './logout/last-logout.ts'
import { defaultPages } from './pages/default-pages.ts'
import type { PageOptions } from './pages/default-pages.ts'
import type { ServerComposition } from './server-parts.ts'
import type { ServerSettings } from './server-settings.ts'
import { addedClaims } from './tokens/added-claims.ts'
import type { ClaimsOptions } from './tokens/claims-options.ts'

/** Everything an authorization server is told; what is left out has a default. */
export interface AuthorizationServerOptions extends ServerSettings, AuthorizationDetailsOptions {
  /** Colors, languages and markup of the pages. @default the built-in ones */
  readonly pages?: PageOptions
  /** By what tokens may be had. @default [authorizationCode(), refreshToken()] */
  readonly grants?: readonly GrantType[]
  /** How clients may prove who they are. @default [none(), clientSecretBasic(), clientSecretPost(), privateKeyJwt()] */
  readonly clientAuthentication?: readonly ClientAuthenticationMethod[]
  /**
   * Endpoints besides those that the other parts bring, the account page and those of logins at providers.
   *
   * @default [revocation(), introspection(), userinfo(), endSession()]
   */
  readonly endpoints?: readonly Endpoint[]
  /**
   * Which DPoP proofs bind tokens to a key of the client; `false` ignores proofs.
   *
   * @default every client may send one, and need not
   * @see [RFC 9449 §5](https://www.rfc-editor.org/rfc/rfc9449.html#section-5)
   */
  readonly dpop?: DpopOptions | false
  /** Claims beside those of the standards, each with where it goes. @default none */
  readonly claims?: ClaimsOptions
  /**
   * Called when the last session of a login at a provider has ended and no app acts for the user because of it any more, to
   * give back what the provider issued. Nobody waits for it, and what it throws becomes an event. It needs a storage that can
   * list. @default nothing is given back
   */
  readonly onLastLogout?: (login: { readonly subject: string; readonly provider: string }) => Promise<void>
}

/** Puts the usual parts in for those that were left out. @throws {TypeError} for options of DPoP out of bounds */
export function withDefaultParts(options: AuthorizationServerOptions): ServerComposition {
  const {
    pages,
    grants = [authorizationCode(), refreshToken()],
    clientAuthentication = [none(), clientSecretBasic(), clientSecretPost(), privateKeyJwt()],
    endpoints = [revocation(), introspection(), userinfo(), endSession()],
    authorizationDetails = [],
    claims,
    dpop,
    onLastLogout,
    ...settings
  } = options
  return {
    ...settings,
    pages: defaultPages(pages),
    grants,
    clientAuthentication,
    endpoints: [...endpoints, account(), providerLogins()],
    authorizationDetails: authorizationDetailTypes(...authorizationDetails),
    claims: claims && addedClaims(claims),
    dpop: dpop === false ? undefined : createDpopVerifier(dpop),
    backChannelLogout: backChannelLogout(),
    lastLogout: onLastLogout === undefined ? undefined : lastLogout(onLastLogout),
  }
}
