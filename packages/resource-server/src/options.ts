import type { OnEvent, Runtime, Scopes, TokenStatusQuery } from '@gatewright/core'
import type { JsonWebKeySet } from './key-set.ts'
import type { ResourceDpopOptions } from './possession.ts'
import type { TokenProfile } from './token-profile.ts'

/** Public keys, or how to read them. */
export type KeySource = JsonWebKeySet | (() => Promise<JsonWebKeySet>)

/** Gives the claims of a token that may be used now, with the names of JWT claims; `undefined` for any other text. */
export type Introspect = (token: string) => Promise<object | undefined>

/** An authorization server whose tokens are accepted. */
export interface TrustedAuthorizationServer {
  /** Exactly as it stands in the tokens' `iss`. */
  readonly issuer: string
  /**
   * Its public keys. A function is asked again when the keys grow old or a token names a key that is not among them.
   *
   * @default discovered from the issuer's metadata with `runtime.fetch`
   */
  readonly jwks?: KeySource | undefined
  /** How its tokens look; `tokenProfiles` has some servers as data. @default as RFC 9068 §2 says */
  readonly tokens?: TokenProfile | undefined
}

/** Options of `createResourceServer`. */
export interface ResourceServerOptions<Name extends string = string> extends TrustedAuthorizationServer {
  /** The URL that clients call, exactly; tokens must be issued for it. */
  readonly resource: string
  /** What the scopes of this API mean. */
  readonly scopes: Scopes<Name>
  /** Further authorization servers whose tokens are accepted, for example during a migration. @default [] */
  readonly authorizationServers?: readonly TrustedAuthorizationServer[] | undefined
  /**
   * Whether a token was revoked; asked at every request, also for a token that was seen before.
   *
   * When it throws, the request is denied with 503. Without it a token is good until it expires.
   */
  readonly isRevoked?: ((query: TokenStatusQuery) => Promise<boolean> | boolean) | undefined
  /**
   * Looks a token up instead of checking its signature, at every request: for opaque tokens, or to see each revocation. `introspection`
   * makes it.
   *
   * It gives the token's claims, or `undefined` for a token that may not be used. When it throws, the request is denied with 503.
   * Issuer, audience and times of the claims are checked all the same.
   *
   * @default signatures are checked with the issuer's keys
   */
  readonly introspect?: Introspect | undefined
  /**
   * Accepts tokens that are bound to a DPoP key, with their proofs. Tokens that are bound to a TLS certificate need no
   * option: the adapter hands the certificate in.
   *
   * @default tokens that are bound to a DPoP key are refused
   */
  readonly dpop?: ResourceDpopOptions | undefined
  /** Signature algorithms that are accepted. @default ES256, EdDSA, Ed25519, RS256, PS256, ES384, ES512 */
  readonly algorithms?: readonly string[] | undefined
  /** Seconds by which clocks may differ, 0 to 300. @default 30 when keys are discovered, 0 when `jwks` is given */
  readonly clockTolerance?: number | undefined
  /** Seconds after `iat` at which a token is refused, whatever its `exp` says. @default no limit but `exp` */
  readonly maxTokenAge?: number | undefined
  /** Seconds after which the keys are read again. @default 600 */
  readonly keysMaxAge?: number | undefined
  /** Seconds for which the last keys that could be read stay in use while reading fails. @default 86400 */
  readonly keysMaxStale?: number | undefined
  /** How many verified signatures are remembered; 0 for none. @default 10000 */
  readonly cacheSize?: number | undefined
  /** The scopes that a first visitor is told to ask for. @default none */
  readonly challengeScopes?: readonly NoInfer<Name>[] | undefined
  /** The scopes in the metadata; some clients ask for all of them. @default every defined scope */
  readonly scopesSupported?: readonly NoInfer<Name>[] | undefined
  /** The types of authorization details that it understands, for its metadata. @default none @see [RFC 9728 §2](https://www.rfc-editor.org/rfc/rfc9728.html#section-2) */
  readonly authorizationDetailTypes?: readonly string[] | undefined
  /** A name for people. @default none */
  readonly resourceName?: string | undefined
  /** A page for developers. @default none */
  readonly resourceDocumentation?: string | undefined
  /** Whether the metadata is also served at the root form; turn it off for all but one resource of an origin. @default true */
  readonly rootMetadata?: boolean | undefined
  /** Clock and `fetch`. @default the runtime's own */
  readonly runtime?: Runtime | undefined
  /** Receives `token.rejected`. @default none */
  readonly onEvent?: OnEvent | undefined
}

const supportedAlgorithms = new Set([
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
])
const defaultAlgorithms = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256', 'ES384', 'ES512']

/**
 * The accepted algorithms: those configured, never what a token's header asks for.
 *
 * @throws {TypeError} when there is none, or one is symmetric or unknown
 * @see [RFC 8725 §3.1 - Perform Algorithm Verification](https://www.rfc-editor.org/rfc/rfc8725.html#section-3.1)
 */
export function checkAlgorithms(algorithms: readonly string[] = defaultAlgorithms): readonly string[] {
  if (algorithms.length === 0) throw new TypeError('algorithms must not be empty')
  for (const algorithm of algorithms)
    if (!supportedAlgorithms.has(algorithm))
      throw new TypeError(`"${algorithm}" is no asymmetric signature algorithm that access tokens may use`)
  return algorithms
}

/** @throws {TypeError} when the number is not a whole one within the bounds */
export function checkWholeNumber(
  value: unknown,
  name: string,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum || value > maximum)
    throw new TypeError(`${name} must be a whole number from ${minimum} to ${maximum}, got ${String(value)}`)
  return value
}

/** @throws {TypeError} when a scope is not defined */
export function checkScopes<Name extends string>(
  scopes: Scopes<Name>,
  names: readonly Name[],
  what: string,
): readonly Name[] {
  for (const name of names)
    if (!scopes.has(name)) throw new TypeError(`${what} names the scope "${name}", which is not defined`)
  return names
}
