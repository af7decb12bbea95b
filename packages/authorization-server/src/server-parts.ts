import type { DpopVerifier } from '@gatewright/dpop'
import type { AuthorizationDetailRules } from './authorization-details/detail-rules.ts'
import type { ClientAuthenticationMethod } from './client-authentication/client-authentication-method.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import type { GrantType } from './grants/grant-type.ts'
import type { BackChannelLogout } from './logout/back-channel-logout.ts'
import type { LastLogout } from './logout/last-logout.ts'
import type { PageParts } from './pages/create-pages.ts'
import type { ServerSettings } from './server-settings.ts'
import type { AddedClaims } from './tokens/added-claims.ts'

/**
 * The parts of an authorization server. Nothing stands behind them: what is not in here is not in the server, its metadata says so,
 * and a client that needs it is refused.
 */
export interface ServerParts {
  /** By what tokens may be had: `authorizationCode()`, `refreshToken()` and others. */
  readonly grants: readonly GrantType[]
  /** How clients may prove who they are: `none()` for public clients, and others. */
  readonly clientAuthentication: readonly ClientAuthenticationMethod[]
  /** Endpoints besides those that the other parts bring. With logins at providers, `providerLogins()` must be one. */
  readonly endpoints: readonly Endpoint[]
  /** The languages of the pages, and the markup of those that every server has. */
  readonly pages: PageParts
  /** Checks the DPoP proofs that bind tokens to a key: `createDpopVerifier()` of `@gatewright/dpop`. @default proofs are ignored */
  readonly dpop?: DpopVerifier | undefined
  /** What clients may ask for beyond scopes: `authorizationDetailTypes(…)`. @default a request with `authorization_details` is refused */
  readonly authorizationDetails?: AuthorizationDetailRules | undefined
  /** Claims beside those of the standards: `addedClaims(…)`. @default none */
  readonly claims?: AddedClaims | undefined
  /** Tells clients about the end of a session: `backChannelLogout()`. @default a client that wants to be told is refused */
  readonly backChannelLogout?: BackChannelLogout | undefined
  /** Gives back what a provider issued, after the last session of a login there: `lastLogout(…)`. @default nothing is given back */
  readonly lastLogout?: LastLogout | undefined
}

/** Everything that {@link composeAuthorizationServer} makes a server of. */
export interface ServerComposition extends ServerSettings, ServerParts {}
