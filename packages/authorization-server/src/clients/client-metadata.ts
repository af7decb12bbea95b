import { OAuthError, parseScope } from '@gatewright/core'
import { checkRedirectUri } from '@gatewright/redirect-uri'
import type { JwkSet } from './client.ts'
import { parseJwkSet } from './jwk-set.ts'
import { logoutMetadata } from './read-logout-metadata.ts'
import type { LogoutMetadata } from './logout-metadata.ts'
import { droppedMetadata, unheldDemand } from './metadata-of-parts.ts'
import type { MetadataParts } from './metadata-of-parts.ts'
import { flag, invalidMetadata as invalid, strings, text } from './metadata-values.ts'
import type { SentMetadata } from './metadata-values.ts'
import { isNativeRegistration } from './native-registration.ts'
import { requestMetadata } from './request-metadata.ts'
import type { RequestMetadata } from './request-metadata.ts'
import {
  pickResponseAlgorithms,
  responseAlgorithmNames,
  responseAlgorithmsProblem,
} from './response-algorithms.ts'
import type { ResponseAlgorithms } from './response-algorithms.ts'
import { tlsMetadata } from './tls-metadata.ts'
import type { TlsMetadata } from './tls-metadata.ts'

/** What a client may register about itself, after every check. Everything else that it sent is ignored. */
export interface ClientMetadata extends LogoutMetadata, RequestMetadata, ResponseAlgorithms, TlsMetadata {
  readonly client_name?: string
  readonly client_uri?: string
  readonly logo_uri?: string
  readonly tos_uri?: string
  readonly policy_uri?: string
  readonly software_id?: string
  readonly software_version?: string
  readonly software_statement?: string
  readonly redirect_uris: readonly string[]
  readonly grant_types: readonly string[]
  readonly response_types: readonly string[]
  readonly token_endpoint_auth_method: string
  readonly application_type: 'native' | 'web'
  readonly scope?: string
  readonly jwks?: JwkSet
  readonly jwks_uri?: string
  readonly dpop_bound_access_tokens?: true
}

/** What a server offers to clients that register themselves. */
export interface RegistrationRules {
  /** Of these, what a client asks for is kept; what it asks for beyond them is dropped. */
  readonly grantTypes: readonly string[]
  readonly authenticationMethods: readonly string[]
  /** What a client that names no method uses. */
  readonly defaultMethod: string
  readonly allowedSchemes: readonly string[]
  /** The algorithms of the keys that sign what clients get. */
  readonly signingAlgorithms: readonly string[]
  /** What the server has: a demand that nothing would hold the client to is refused, what else would mean nothing is dropped. */
  readonly parts: MetadataParts
  /** The software statement that was verified; any other is refused. */
  readonly softwareStatement?: string | undefined
  /** Names of the types of authorization details. */
  readonly detailTypes: readonly string[]
}

const maximumRedirectUris = 10
const needKeys = new Set(['private_key_jwt', 'self_signed_tls_client_auth'])
const links = ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri'] as const

/**
 * Checks a registration request.
 *
 * Real clients ask for more than a server has: unknown grant types are dropped, an authentication method is negotiated,
 * and a private-use redirect URI beside usable ones is stored although it will never match. What is dangerous is refused whole, and
 * so is a demand that the server could not hold the client to.
 *
 * @throws {OAuthError} `invalid_redirect_uri`, `invalid_client_metadata` or `unapproved_software_statement`
 * @see [RFC 7591 §2 - Client Metadata](https://www.rfc-editor.org/rfc/rfc7591.html#section-2)
 */
export function parseClientMetadata(body: unknown, rules: RegistrationRules): ClientMetadata {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('the registration must be a JSON object')
  const unheld = unheldDemand(body, rules.parts)
  if (unheld !== undefined) throw invalid(unheld)
  const sent = new Map<string, unknown>(Object.entries(body))
  for (const name of droppedMetadata(rules.parts)) sent.delete(name)
  const statement = text(sent, 'software_statement', 16_384)
  if (statement !== rules.softwareStatement)
    throw new OAuthError('unapproved_software_statement', 'software statements are not accepted')
  for (const name of links) checkLink(name, sent.get(name))
  const keys = keysOf(sent)
  const method = authenticationMethod(sent, rules)
  if (needKeys.has(method) && keys.jwks === undefined && keys.jwks_uri === undefined)
    throw invalid(`${method} needs jwks or jwks_uri`)
  const redirectUris = checkRedirectUris(strings(sent, 'redirect_uris'), sent.get('application_type'), rules)
  return {
    ...pickTexts(sent),
    redirect_uris: redirectUris,
    grant_types: grantTypes(strings(sent, 'grant_types'), rules.grantTypes),
    response_types: responseTypes(strings(sent, 'response_types')),
    token_endpoint_auth_method: method,
    application_type: applicationType(sent.get('application_type'), method, redirectUris),
    ...logoutMetadata(sent, rules),
    ...scopeOf(text(sent, 'scope')),
    ...keys,
    ...flag(sent, 'dpop_bound_access_tokens'),
    ...requestMetadata(sent, keys, rules),
    ...responseAlgorithms(sent, rules),
    ...tlsMetadata(sent, method),
    ...(statement === undefined ? {} : { software_statement: statement }),
  }
}

/**
 * The ways in which a client that registered may authenticate: the one that it named, or that was negotiated for it.
 *
 * One that named none may send its secret either way, since many such clients do not know which the default is.
 */
export function acceptedMethods(body: unknown, metadata: ClientMetadata): readonly [string, ...string[]] {
  const method = metadata.token_endpoint_auth_method
  const named = (body as { token_endpoint_auth_method?: unknown }).token_endpoint_auth_method
  return named || method !== 'client_secret_basic' ? [method] : [method, 'client_secret_post']
}

function pickTexts(sent: SentMetadata): Partial<ClientMetadata> {
  const name = text(sent, 'client_name', 200)
    // Control and direction characters could make the consent page say something else.
    ?.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
  const others = [
    'client_uri',
    'logo_uri',
    'tos_uri',
    'policy_uri',
    'software_id',
    'software_version',
  ] as const
  const entries = others.flatMap((key) => {
    const value = text(sent, key, 2048)
    return value === undefined ? [] : [[key, value]]
  })
  return { ...(name ? { client_name: name } : {}), ...Object.fromEntries(entries) }
}

function checkLink(name: string, value: unknown): void {
  if (value === undefined || value === null || value === '') return
  if (!isLink(value)) throw invalid(`${name} must be an https URL without a fragment`)
}

function isLink(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.length <= 2048 &&
    /^https?:\/\/[^\s]+$/i.test(value) &&
    !value.includes('#') &&
    URL.canParse(value)
  )
}

function keysOf(sent: SentMetadata): Pick<ClientMetadata, 'jwks' | 'jwks_uri'> {
  const uri = text(sent, 'jwks_uri', 2048)
  const jwks = sent.get('jwks') ?? undefined
  // RFC 7591 §2: jwks and jwks_uri must not both be present.
  if (uri !== undefined && jwks !== undefined) throw invalid('jwks and jwks_uri exclude each other')
  if (uri !== undefined && !(isLink(uri) && uri.startsWith('https:')))
    throw invalid('jwks_uri must be an https URL without a fragment')
  if (jwks === undefined) return uri === undefined ? {} : { jwks_uri: uri }
  const parsed = parseJwkSet(jwks)
  if (typeof parsed === 'string') throw invalid(`jwks ${parsed}`)
  return { jwks: parsed }
}

function checkRedirectUris(
  uris: readonly string[] | undefined,
  applicationType: unknown,
  rules: RegistrationRules,
): readonly string[] {
  const refused = (message: string) => new OAuthError('invalid_redirect_uri', message)
  if (uris === undefined || uris.length === 0)
    throw refused('redirect_uris must name at least one redirect URI')
  if (uris.length > maximumRedirectUris)
    throw refused(`redirect_uris may name at most ${maximumRedirectUris} redirect URIs`)
  for (const [index, uri] of uris.entries()) {
    const verdict = checkRedirectUri(uri, { allowedSchemes: rules.allowedSchemes })
    // RFC 8252 §8.4: a scheme that others may claim is not usable here, but clients list it beside those that are.
    if (!verdict.ok && verdict.reason !== 'scheme_not_allowed')
      throw refused(`redirect_uris[${index}]: ${verdict.message}`)
    if (applicationType === 'web' && !(verdict.ok && verdict.kind === 'https'))
      throw refused(`redirect_uris[${index}]: a web application needs https; register as native for loopback`)
  }
  return uris
}

function authenticationMethod(
  sent: SentMetadata,
  { authenticationMethods: offered, defaultMethod }: RegistrationRules,
): string {
  const method = text(sent, 'token_endpoint_auth_method') ?? defaultMethod
  if (offered.includes(method)) return method
  // OpenID Connect RP Metadata Choices 1.0 §2: a client may list what else it can do.
  const other = strings(sent, 'token_endpoint_auth_methods_supported')?.find((method) =>
    offered.includes(method),
  )
  if (other === undefined) throw invalid(`token_endpoint_auth_method must be one of ${offered.join(', ')}`)
  return other
}

// Refused and not left out: a client that insists on an algorithm would fail at its first login, and not here.
function responseAlgorithms(
  sent: SentMetadata,
  { signingAlgorithms }: RegistrationRules,
): ResponseAlgorithms {
  const named = Object.fromEntries(responseAlgorithmNames.map((name) => [name, text(sent, name, 16)]))
  const problem = responseAlgorithmsProblem(named, signingAlgorithms)
  if (problem !== undefined) throw invalid(problem)
  return pickResponseAlgorithms(named)
}

function grantTypes(wanted: readonly string[] | undefined, offered: readonly string[]): readonly string[] {
  const kept = wanted?.filter((name) => offered.includes(name)) ?? offered
  if (!kept.includes('authorization_code')) throw invalid('grant_types must include authorization_code')
  return [...new Set(kept)]
}

function responseTypes(wanted: readonly string[] | undefined): readonly string[] {
  if (wanted !== undefined && wanted.length > 0 && !wanted.includes('code'))
    throw invalid('response_types must include code')
  return ['code']
}

function applicationType(wanted: unknown, method: string, redirectUris: readonly string[]): 'native' | 'web' {
  if (wanted === 'web' || wanted === 'native') return wanted
  if (wanted !== undefined && wanted !== null) throw invalid('application_type must be web or native')
  return method === 'none' && isNativeRegistration(redirectUris) ? 'native' : 'web'
}

// The scope is echoed and not enforced: clients register with the first challenge's scope and step up later.
function scopeOf(scope: string | undefined): { scope?: string } {
  if (scope === undefined) return {}
  try {
    parseScope(scope)
  } catch {
    throw invalid('scope is malformed')
  }
  return { scope }
}
