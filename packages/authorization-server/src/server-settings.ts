import type { Interaction, OnEvent, Runtime, Scopes, TokenPolicy } from '@gatewright/core'
import type { Listing, Storage } from '@gatewright/storage'
import type { ClientSource } from './clients/client-source.ts'
import type { CheckedGrant } from './grants/check-upstream.ts'
import type { RateLimits } from './limits/rate-limits.ts'
import type { RequestSource } from './requests/request-source.ts'
import type { ResponseMode } from './requests/response-mode.ts'
import type { ResourceOptions } from './resource-options.ts'
import type { AccessTokenFormat } from './tokens/access-token.ts'
import type { SigningKeys } from './tokens/signing-keys.ts'
import type { EndpointPaths } from './urls.ts'

/** What the integrator's user store knows about a user now. */
export interface User {
  /** The scopes that this user may grant, by hierarchy. Absent: all. */
  readonly scopes?: readonly string[]
  /** Claims by their OpenID Connect names; only those that granted scopes name ever leave the server. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** What every authorization server is told, whatever parts it is made of. */
export interface ServerSettings {
  /** The issuer identifier, exactly as clients will compare it. An https URL, or http on loopback. */
  readonly issuer: string
  /** Where everything is kept; the same for all processes of this issuer. */
  readonly storage: Storage & Partial<Listing>
  /** Name of your product on the pages. @default the issuer's host */
  readonly productName?: string
  /** What signs tokens: `signingKeys` or `externalKeys`. */
  readonly keys: SigningKeys
  /** The scopes of the API, from `defineScopes`. */
  readonly scopes: Scopes
  /** What tokens are for: one entry for each API or MCP server. */
  readonly resources: readonly ResourceOptions[]
  /** The resource that a request means which names none. @default the only one, if there is only one */
  readonly defaultResource?: string
  /** Where clients come from, asked in this order. */
  readonly clients: readonly ClientSource[]
  /**
   * Whether clients that the operator registered can be disabled and get new secrets at run time too, by `server.clients`; each
   * request of theirs then reads one more record. Clients that registered themselves always can. @default false
   */
  readonly administerRegistered?: boolean
  /** Login and consent: `loginWith`, or two steps of your own. */
  readonly interaction: Interaction
  /** Ways to send an authorization request otherwise than in the query: `pushedRequests()`, `requestObjects()`. @default [] */
  readonly requestSources?: readonly RequestSource[]
  /** How answers may travel to the client. @default ['query'] */
  readonly responseModes?: readonly ResponseMode[]
  /** Rules that every minting must pass. @default [] */
  readonly policies?: readonly TokenPolicy[]
  /** Looks a user up at each issuance; `undefined` stops the user's tokens. @default every subject is active and may grant every scope */
  readonly findUser?: (subject: string) => Promise<User | undefined>
  /** Called before a grant is refreshed: throw `OAuthError` `invalid_grant` to end it, `temporarily_unavailable` to be asked again. @default every grant goes on */
  readonly checkGrant?: (grant: CheckedGrant) => Promise<void>
  /** `jwt`: resource servers check it themselves. `opaque`: they ask, and see every revocation. @default 'jwt' */
  readonly accessTokenFormat?: AccessTokenFormat
  /** Seconds that an access token lives. @default 900 */
  readonly accessTokenLifetime?: number
  /** Seconds that an authorization code lives, at most 600. @default 60 */
  readonly codeLifetime?: number
  /** Seconds within which a valid repetition of a code is refused without revoking what the code bought. @default 0 */
  readonly codeReplayGrace?: number
  /** Seconds that a refresh token may lie unused. @default 1209600 (14 days) */
  readonly refreshTokenIdleLifetime?: number
  /** Seconds after which the user must approve again, whatever was refreshed. @default 7776000 (90 days) */
  readonly refreshTokenLifetime?: number
  /** Seconds in which a repeated refresh gets the same answer again, 0 to 300. @default 30 */
  readonly refreshReuseWindow?: number
  /** `offline`: only with the scope `offline_access`. @default 'always' */
  readonly issueRefreshToken?: 'always' | 'offline'
  /** Reshapes the answer of the userinfo endpoint, for relying parties that expect another shape. @default as it is */
  readonly userinfo?: (
    claims: Readonly<Record<string, unknown>>,
    to: { readonly clientId: string; readonly scopes: readonly string[] },
  ) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>
  /** Seconds that a browser stays signed in. @default 86400 */
  readonly sessionLifetime?: number
  /** Endpoint paths below the issuer, by the name of the endpoint. */
  readonly paths?: Partial<EndpointPaths> & Readonly<Record<string, string | undefined>>
  /**
   * How the URLs are reached that clients name for themselves: metadata documents, key sets. Guarded against private addresses;
   * `loopback` is for development, on an issuer that is on this machine.
   *
   * @default { reach: 'public' }
   */
  readonly clientUrls?: { readonly reach?: 'public' | 'loopback'; readonly fetch?: typeof fetch }
  /** How often things may happen before the answer is 429; `false` for no limits at all. @default see `RateLimits` */
  readonly rateLimits?: RateLimits | false
  /**
   * Binds the tokens of clients with `tls_client_certificate_bound_access_tokens` to their TLS certificate. The adapter
   * must hand the certificate in. With `origin`, clients find there the endpoints that ask for a certificate: browsers that come to
   * the issuer are then not asked for one.
   *
   * @default false
   * @see [RFC 8705 §5](https://www.rfc-editor.org/rfc/rfc8705.html#section-5)
   */
  readonly mutualTls?: boolean | { readonly origin: string }
  readonly runtime?: Runtime
  readonly onEvent?: OnEvent
}
