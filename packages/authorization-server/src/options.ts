import { defaultRuntime, isLoopbackHostname } from '@gatewright/core'
import type { Interaction, OnEvent, Runtime, Scopes, TokenPolicy } from '@gatewright/core'
import type { Listing, Storage } from '@gatewright/storage'
import type { AuthorizationDetailsOptions } from './authorization-details/authorization-detail-type.ts'
import { checkDetailTypes } from './authorization-details/parse-details.ts'
import { checkChoice } from './check-choice.ts'
import { checkDuration } from './check-duration.ts'
import type { ClientAuthenticationMethod } from './client-authentication/client-authentication-method.ts'
import { clientSecretBasic } from './client-authentication/client-secret-basic.ts'
import { clientSecretPost } from './client-authentication/client-secret-post.ts'
import { none } from './client-authentication/none.ts'
import { privateKeyJwt } from './client-authentication/private-key-jwt.ts'
import type { ClientSource } from './clients/client-source.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { endSession } from './endpoints/end-session.ts'
import { introspection } from './endpoints/introspection.ts'
import { revocation } from './endpoints/revocation.ts'
import { userinfo } from './endpoints/userinfo.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import type { CheckedGrant } from './grants/check-upstream.ts'
import type { GrantType } from './grants/grant-type.ts'
import { refreshToken } from './grants/refresh-token.ts'
import type { PageOptions } from './pages/create-pages.ts'
import type { ResponseMode } from './requests/response-mode.ts'
import type { RequestSource } from './requests/request-source.ts'
import { resolveRateLimits } from './limits/rate-limits.ts'
import type { RateLimits, ResolvedRateLimits } from './limits/rate-limits.ts'
import { checkResources } from './resource-options.ts'
import type { ResourceOptions } from './resource-options.ts'
import { identityScopeNames } from './requests/scope-catalog.ts'
import { checkMutualTls } from './sender/mtls-aliases.ts'
import type { SenderOptions } from './sender/sender-options.ts'
import { accessTokenFormats } from './tokens/access-token.ts'
import type { AccessTokenFormat } from './tokens/access-token.ts'
import { checkClaims } from './tokens/claims-options.ts'
import type { ClaimsOptions } from './tokens/claims-options.ts'
import type { SigningKeys } from './tokens/signing-keys.ts'
import type { EndpointPaths } from './urls.ts'

/** What the integrator's user store knows about a user now. */
export interface User {
  /** The scopes that this user may grant, by hierarchy. Absent: all. */
  readonly scopes?: readonly string[]
  /** Claims by their OpenID Connect names; only those that granted scopes name ever leave the server. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** Everything an authorization server is made of. */
export interface AuthorizationServerOptions extends SenderOptions, AuthorizationDetailsOptions {
  /** The issuer identifier, exactly as clients will compare it. An https URL, or http on loopback. */
  readonly issuer: string
  /** Where everything is kept; the same for all processes of this issuer. */
  readonly storage: Storage & Partial<Listing>
  /** Name of your product on the pages. @default the issuer's host */
  readonly productName?: string
  /** Colors, languages and markup of the pages. @default the built-in ones */
  readonly pages?: PageOptions
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
  /** By what tokens may be had. @default [authorizationCode(), refreshToken()] */
  readonly grants?: readonly GrantType[]
  /** How clients may prove who they are. @default [none(), clientSecretBasic(), clientSecretPost(), privateKeyJwt()] */
  readonly clientAuthentication?: readonly ClientAuthenticationMethod[]
  /** Ways to send an authorization request otherwise than in the query: `pushedRequests()`, `requestObjects()`. @default [] */
  readonly requestSources?: readonly RequestSource[]
  /** How answers may travel to the client. @default ['query'] */
  readonly responseModes?: readonly ResponseMode[]
  /** Endpoints besides those that the parts above need. @default [revocation(), introspection(), userinfo(), endSession()] */
  readonly endpoints?: readonly Endpoint[]
  /** Rules that every minting must pass. @default [] */
  readonly policies?: readonly TokenPolicy[]
  /** Looks a user up at each issuance; `undefined` stops the user's tokens. @default every subject is active and may grant every scope */
  readonly findUser?: (subject: string) => Promise<User | undefined>
  /** Called before a grant is refreshed: throw `OAuthError` `invalid_grant` to end it, `temporarily_unavailable` to be asked again. @default every grant goes on */
  readonly checkGrant?: (grant: CheckedGrant) => Promise<void>
  /**
   * Called when the last session of a login at a provider has ended and no app acts for the user because of it any more, to
   * give back what the provider issued. Nobody waits for it, and what it throws becomes an event. It needs a storage that can
   * list. @default nothing is given back
   */
  readonly onLastLogout?: (login: { readonly subject: string; readonly provider: string }) => Promise<void>
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
  /** Claims beside those of the standards, each with where it goes. @default none */
  readonly claims?: ClaimsOptions
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
  readonly runtime?: Runtime
  readonly onEvent?: OnEvent
}

/** The options with every default filled in. */
export type ResolvedOptions = Required<
  Omit<
    AuthorizationServerOptions,
    'defaultResource' | 'findUser' | 'onEvent' | 'onLastLogout' | 'rateLimits' | 'paths' | 'runtime'
  >
> & {
  readonly findUser: (subject: string) => Promise<User | undefined>
  readonly defaultResource?: string | undefined
  readonly onEvent: OnEvent | undefined
  readonly onLastLogout?: AuthorizationServerOptions['onLastLogout']
  readonly rateLimits: ResolvedRateLimits
  readonly runtime: Runtime
}

/**
 * Fills in the defaults and checks every option.
 *
 * @throws {TypeError} when the options cannot work together; the message says which and why
 */
export function resolveOptions(options: AuthorizationServerOptions): ResolvedOptions {
  const resolved: ResolvedOptions = {
    productName: URL.canParse(options.issuer) ? new URL(options.issuer).host : '',
    pages: {},
    administerRegistered: false,
    grants: [authorizationCode(), refreshToken()],
    clientAuthentication: [none(), clientSecretBasic(), clientSecretPost(), privateKeyJwt()],
    endpoints: [revocation(), introspection(), userinfo(), endSession()],
    requestSources: [],
    responseModes: ['query'],
    policies: [],
    accessTokenFormat: 'jwt',
    accessTokenLifetime: 900,
    codeLifetime: 60,
    codeReplayGrace: 0,
    refreshTokenIdleLifetime: 1_209_600,
    refreshTokenLifetime: 7_776_000,
    refreshReuseWindow: 30,
    issueRefreshToken: 'always',
    userinfo: (claims) => claims,
    sessionLifetime: 86_400,
    clientUrls: {},
    claims: {},
    authorizationDetails: [],
    dpop: {},
    mutualTls: false,
    ...withoutUndefined(options),
    findUser: options.findUser ?? (async () => ({})),
    checkGrant: options.checkGrant ?? (async () => {}),
    onEvent: options.onEvent,
    rateLimits: resolveRateLimits(options.rateLimits),
    runtime: options.runtime ?? defaultRuntime,
  }
  for (const name of required) if (resolved[name] === undefined) throw new TypeError(`${name} is missing`)
  checkChoice('issueRefreshToken', resolved.issueRefreshToken, ['always', 'offline'])
  checkChoice('accessTokenFormat', resolved.accessTokenFormat, accessTokenFormats)
  for (const mode of resolved.responseModes) checkChoice('responseModes', mode, ['query', 'form_post'])
  checkScopeNames(resolved)
  checkClaims(resolved.claims)
  checkMutualTls(resolved.mutualTls)
  checkDetailTypes(resolved.authorizationDetails)
  checkResources(resolved.resources, resolved.scopes, resolved.defaultResource)
  checkDurations(resolved)
  checkDistinct('clients', resolved.clients)
  checkDistinct('grants', resolved.grants)
  checkDistinct('clientAuthentication', resolved.clientAuthentication)
  // Another machine's loopback is no development server of anybody.
  if (resolved.clientUrls.reach === 'loopback' && !isLoopbackHostname(new URL(options.issuer).hostname))
    throw new TypeError("clientUrls.reach: 'loopback' is for an issuer on 127.0.0.1, [::1] or localhost")
  for (const source of resolved.clients) source.check?.(resolved)
  checkDistinct('requestSources', resolved.requestSources)
  const parts = [...resolved.grants, ...resolved.requestSources]
  const endpoints = [...resolved.endpoints, ...parts.flatMap((part) => part.endpoints ?? [])]
  checkDistinct('endpoints', endpoints)
  return { ...resolved, endpoints }
}

const required = ['storage', 'keys', 'scopes', 'resources', 'clients', 'interaction'] as const

/** An option that is set to `undefined`, as from a missing environment variable, is one that was left out. */
function withoutUndefined(options: AuthorizationServerOptions): AuthorizationServerOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as unknown as AuthorizationServerOptions
}

function checkScopeNames({ scopes }: ResolvedOptions): void {
  const taken = identityScopeNames.find((name) => scopes.has(name))
  if (taken !== undefined)
    throw new TypeError(`the scope "${taken}" belongs to OpenID Connect; give yours another name`)
}

function checkDurations(options: ResolvedOptions): void {
  checkDuration('accessTokenLifetime', options.accessTokenLifetime)
  checkDuration('codeLifetime', options.codeLifetime, 1, 600)
  checkDuration('codeReplayGrace', options.codeReplayGrace, 0, 600)
  checkDuration('refreshTokenIdleLifetime', options.refreshTokenIdleLifetime)
  checkDuration('refreshTokenLifetime', options.refreshTokenLifetime)
  checkDuration('refreshReuseWindow', options.refreshReuseWindow, 0, 300)
  checkDuration('sessionLifetime', options.sessionLifetime)
  const { accessTokenLifetime, keys } = options
  if (keys.keepAfter !== undefined && accessTokenLifetime > keys.keepAfter)
    throw new TypeError(
      `accessTokenLifetime (${accessTokenLifetime}) must not exceed keepAfter of the keys (${keys.keepAfter}), or tokens stop verifying before they expire`,
    )
}

function checkDistinct(option: string, parts: readonly { readonly name: string }[]): void {
  const seen = new Set<string>()
  for (const { name } of parts) {
    // The second of two parts with one name would silently never be reached.
    if (seen.has(name)) throw new TypeError(`${option} has two parts named "${name}"`)
    seen.add(name)
  }
}
