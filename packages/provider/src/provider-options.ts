import type { Runtime } from '@gatewright/core'
import type { ProviderCredentials } from './client-authentication.ts'
import type { ClaimMapping } from './claims/claim-mapping.ts'

/** What every provider is configured with. */
export type ProviderOptions = ProviderCredentials & {
  /** Names the provider in its redirect URI and in your records: lower-case letters, digits, `-` and `_`. */
  readonly id: string
  /** What people call the provider. @default the id */
  readonly displayName?: string
  /** The logo on the login page: a `data:` URL, a path on your origin, or an https URL, which is fetched here once and never by browsers. */
  readonly logoUri?: string
  /** Whether to send a PKCE challenge. Leave it on unless the provider refuses requests that have one. @default true */
  readonly pkce?: boolean
  /** Parameters that the provider wants in the authorization request besides the standard ones. @default {} */
  readonly authorizationParameters?: Readonly<Record<string, string>>
  /** Where the claims of an identity come from, besides and instead of the defaults. @default those of OpenID Connect, and the names that plain OAuth providers use */
  readonly claims?: ClaimMapping
  /** Only users with a verified e-mail address of one of these domains may come in. @default everybody */
  readonly emailDomains?: readonly string[]
  /**
   * Whether who signs out here is signed out there, too: of everything else that trusts the provider. Register
   * `<issuer>/signed-out` there as post-logout redirect URI, or the provider keeps the browser.
   *
   * @default false
   */
  readonly singleLogout?: boolean
  /** Where to send browsers to log out there. @default what discovery says */
  readonly logoutUrl?: string
  /** Where tokens are given back. @default what discovery says */
  readonly revocationUrl?: string
  /**
   * How far requests reach: `public` for providers on the internet, `any` for those in your own network, `loopback` for
   * development.
   *
   * @default 'public'
   */
  readonly reach?: 'public' | 'loopback' | 'any'
  /** Sends the requests instead, for example through a proxy. @default the guarded fetch of the core */
  readonly fetch?: typeof fetch
  readonly runtime?: Pick<Runtime, 'now' | 'randomBytes'>
}
