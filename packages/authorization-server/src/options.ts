import { defaultRuntime, isLoopbackHostname } from '@gatewright/core'
import type { OnEvent, Runtime } from '@gatewright/core'
import { noDetailTypes } from './authorization-details/no-detail-types.ts'
import type { AuthorizationDetailRules } from './authorization-details/detail-rules.ts'
import { checkChoice } from './check-choice.ts'
import { checkDuration } from './check-duration.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { resolveRateLimits } from './limits/rate-limits.ts'
import type { ResolvedRateLimits } from './limits/rate-limits.ts'
import type { PageParts } from './pages/create-pages.ts'
import { checkResources } from './resource-options.ts'
import { identityScopeNames } from './requests/scope-catalog.ts'
import { checkMutualTls } from './sender/mtls-aliases.ts'
import type { ServerComposition, ServerParts } from './server-parts.ts'
import type { ServerSettings, User } from './server-settings.ts'
import { accessTokenFormats } from './tokens/access-token.ts'

/** The options with every default filled in. */
export type ResolvedOptions = Required<
  Omit<ServerSettings, 'defaultResource' | 'findUser' | 'onEvent' | 'rateLimits' | 'paths' | 'runtime'>
> &
  ServerParts & {
    readonly authorizationDetails: AuthorizationDetailRules
    readonly findUser: (subject: string) => Promise<User | undefined>
    readonly defaultResource?: string | undefined
    readonly onEvent: OnEvent | undefined
    readonly rateLimits: ResolvedRateLimits
    readonly runtime: Runtime
  }

/**
 * Fills in the defaults and checks every option.
 *
 * @throws {TypeError} when the options cannot work together; the message says which and why
 */
export function resolveOptions(options: ServerComposition): ResolvedOptions {
  const resolved: ResolvedOptions = {
    productName: URL.canParse(options.issuer) ? new URL(options.issuer).host : '',
    administerRegistered: false,
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
    mutualTls: false,
    ...withoutUndefined(options),
    authorizationDetails: options.authorizationDetails ?? noDetailTypes,
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
  checkMutualTls(resolved.mutualTls)
  checkResources(resolved.resources, resolved.scopes, resolved.defaultResource)
  checkDurations(resolved)
  checkDistinct('clients', resolved.clients)
  checkDistinct('grants', resolved.grants)
  checkDistinct('clientAuthentication', resolved.clientAuthentication)
  // Another machine's loopback is no development server of anybody.
  if (resolved.clientUrls.reach === 'loopback' && !isLoopbackHostname(new URL(options.issuer).hostname))
    throw new TypeError("clientUrls.reach: 'loopback' is for an issuer on 127.0.0.1, [::1] or localhost")
  checkDistinct('requestSources', resolved.requestSources)
  const parts = [...resolved.grants, ...resolved.requestSources, ...resolved.endpoints]
  const endpoints = [...resolved.endpoints, ...parts.flatMap((part) => part.endpoints ?? [])]
  checkDistinct('endpoints', endpoints)
  checkProviders(resolved.interaction.providers, endpoints)
  const composed = { ...resolved, endpoints, pages: pagesOf(resolved, endpoints) }
  for (const source of resolved.clients) source.check?.(composed)
  return composed
}

const required = [
  'storage',
  'keys',
  'scopes',
  'resources',
  'clients',
  'interaction',
  'grants',
  'clientAuthentication',
  'endpoints',
  'pages',
] as const

/** A provider could otherwise send browsers to a path that nobody answers. */
function checkProviders(providers: readonly string[] | undefined, endpoints: readonly Endpoint[]): void {
  if (providers?.[0] !== undefined && !endpoints.some((endpoint) => endpoint.leave !== undefined))
    throw new TypeError(
      `the interaction has the provider "${providers[0]}", so endpoints must have providerLogins()`,
    )
}

/** The pages of all parts. What the integrator writes takes the place of what an endpoint brings. */
function pagesOf({ pages, responseModes }: ResolvedOptions, endpoints: readonly Endpoint[]): PageParts {
  const render = Object.assign({}, ...endpoints.map((endpoint) => endpoint.pages), pages.render)
  const needed = ['login', 'consent', 'error', ...(responseModes.includes('form_post') ? ['formPost'] : [])]
  const missing = needed.find((name) => render[name] === undefined)
  if (missing !== undefined) throw new TypeError(`pages.render has no ${missing}; pass ${missing}Page`)
  if (pages.languages?.[0] === undefined)
    throw new TypeError('pages.languages is empty; pass one language or more, such as english')
  return { ...pages, render }
}

/** An option that is set to `undefined`, as from a missing environment variable, is one that was left out. */
function withoutUndefined<O extends object>(options: O): O {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as unknown as O
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
