import { sha256Base64url } from '@gatewright/core'
import { isSecretHash } from '../client-authentication/secret-hash.ts'
import { checkRedirectUri } from '@gatewright/redirect-uri'
import { checkDuration } from '../check-duration.ts'
import type { ResolvedOptions } from '../options.ts'
import { checkClientKeys } from './check-client-keys.ts'
import { checkDemands } from './check-demands.ts'
import { isNativeRegistration } from './native-registration.ts'
import { backChannelProblem, postLogoutProblem } from './logout-metadata.ts'
import type { Client, JwkSet } from './client.ts'
import type { ClientSource } from './client-source.ts'

/** A client as the operator writes it down. */
export interface ClientOptions {
  readonly client_id: string
  /** What users read on the consent page. @default the client_id */
  readonly client_name?: string
  readonly client_uri?: string
  /** Compared as strings. A loopback entry may have `*` as its port: `http://127.0.0.1:*\/callback`. */
  readonly redirect_uris?: readonly string[]
  /** Where users may be sent after a logout that the client asked for; compared as strings. */
  readonly post_logout_redirect_uris?: readonly string[]
  /** Where the client hears that a session of a user has ended. */
  readonly backchannel_logout_uri?: string
  /** @default ['authorization_code', 'refresh_token'] */
  readonly grant_types?: readonly string[]
  /** The secret, or several while one is being rotated. A client with neither secret nor keys is public. */
  readonly client_secret?: string | readonly string[]
  /** The hash of the secret instead of the secret, so that configuration holds none: what `hashClientSecret` gives. */
  readonly client_secret_hash?: string | readonly string[]
  /** @default with a secret, Basic and post are both accepted; with keys alone `private_key_jwt`; without either `none` */
  readonly token_endpoint_auth_method?: string
  /** Whether every token request must carry a DPoP proof. @default false @see [RFC 9449 §5.2](https://www.rfc-editor.org/rfc/rfc9449.html#section-5.2) */
  readonly dpop_bound_access_tokens?: boolean
  /** Whether its tokens are bound to its TLS certificate. @default false @see [RFC 8705 §3.4](https://www.rfc-editor.org/rfc/rfc8705.html#section-3.4) */
  readonly tls_client_certificate_bound_access_tokens?: boolean
  /** @default 'native' for a public client with a loopback or private-use redirect URI, else 'web' */
  readonly application_type?: 'native' | 'web'
  /** The scopes that the client may be granted. @default all of the resource */
  readonly scopes?: readonly string[]
  /** The resources that the client may ask for. @default all */
  readonly resources?: readonly string[]
  /** The resource that its requests mean which name none. @default the server's */
  readonly defaultResource?: string
  /** The resources that it is the server of: it may introspect and exchange their tokens. @default none */
  readonly serves?: readonly string[]
  /** The resources that it may exchange tokens for. @default none */
  readonly exchangeFor?: readonly string[]
  /** Whether it must push its authorization requests. @default false */
  readonly require_pushed_authorization_requests?: boolean
  /** Whether its authorization requests must be signed by one of its keys. @default false */
  readonly require_signed_request_object?: boolean
  /** `nonce` lets a confidential client go without PKCE when it sends `openid` and `nonce`. @default 'required' */
  readonly pkce?: 'required' | 'nonce'
  /**
   * When the user is asked. `once`: until the user allowed all that is asked for. Both `once` and `never` are refused for
   * clients with a redirect URI that is not https.
   *
   * @default 'always'
   */
  readonly consent?: 'always' | 'once' | 'never'
  /** Seconds. @default the server's */
  readonly accessTokenLifetime?: number
  /** Private-use schemes without a dot that redirect URIs may use, for example `cursor`. */
  readonly allowedSchemes?: readonly string[]
  /** The client's public keys, for `private_key_jwt` and signed requests. */
  readonly jwks?: JwkSet
  /** Where the client's public keys are, an https URL. */
  readonly jwks_uri?: string
  /** `token_endpoint` also accepts assertions whose audience is the URL of the token endpoint. @default 'issuer' */
  readonly assertionAudience?: 'issuer' | 'token_endpoint'
}

/** The clients of a list that can be loaded anew. */
export interface RegisteredClients extends ClientSource {
  /**
   * Puts another list in the place of this one, at once and as a whole. A client that is missing from it can get no token any more;
   * access tokens that it has live until they expire.
   *
   * @throws {TypeError} for a client that could never work or would not be safe; the list stays as it was
   */
  replace(...clients: readonly ClientOptions[]): void
}

/**
 * Clients that the operator registers in configuration.
 *
 * @throws {TypeError} for a client that could never work or would not be safe; the message says what to mend
 * @example
 * ```ts
 * const clients = registered({ client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*\/callback'] })
 * ```
 */
export function registered(...clients: readonly ClientOptions[]): RegisteredClients {
  let current = clients
  let known = load(clients)
  const servers: ResolvedOptions[] = []
  return {
    name: 'registered',
    find: async (clientId) => known.get(clientId),
    check(options) {
      checkDemands(current, options)
      servers.push(options)
    },
    replace(...next) {
      const loaded = load(next)
      for (const options of servers) checkDemands(next, options)
      current = next
      known = loaded
    },
  }
}

function load(clients: readonly ClientOptions[]): ReadonlyMap<string, Promise<Client>> {
  const known = new Map<string, Promise<Client>>()
  for (const options of clients) {
    if (known.has(options.client_id)) throw new TypeError(`client "${options.client_id}" is registered twice`)
    check(options)
    known.set(options.client_id, toClient(options))
  }
  return known
}

function check(options: ClientOptions): void {
  const where = `client "${options.client_id}"`
  const isPublic = methodsOf(options)[0] === 'none'
  const redirectUris = options.redirect_uris ?? []
  if (options.client_id === '' || options.client_id.length > 2048)
    throw new TypeError('a client needs a client_id')
  if (grantTypes(options).includes('authorization_code') && redirectUris.length === 0)
    throw new TypeError(
      `${where}: redirect_uris is empty; add one, or set grant_types to what the client uses`,
    )
  for (const uri of redirectUris) {
    const verdict = checkRedirectUri(uri, {
      wildcardPort: true,
      allowedSchemes: options.allowedSchemes ?? [],
    })
    if (!verdict.ok) throw new TypeError(`${where}: redirect URI "${uri}": ${verdict.message}`)
    if (verdict.kind !== 'https' && (options.consent ?? 'always') !== 'always')
      throw new TypeError(
        `${where}: consent: '${options.consent}' needs https redirect URIs, since any program can listen on "${uri}"`,
      )
  }
  checkLogout(options, where)
  const secret = options.client_secret ?? options.client_secret_hash
  if (options.token_endpoint_auth_method === 'none' && secret !== undefined)
    throw new TypeError(
      `${where}: token_endpoint_auth_method 'none' and a client_secret contradict each other`,
    )
  if (options.token_endpoint_auth_method?.startsWith('client_secret_') && secret === undefined)
    throw new TypeError(`${where}: ${options.token_endpoint_auth_method} needs a client_secret`)
  checkClientKeys(options, where)
  // An unset variable would silently make the client public.
  if (Object.hasOwn(options, 'client_secret') && options.client_secret === undefined)
    throw new TypeError(`${where}: client_secret is undefined; leave it out for a public client`)
  if (options.client_secret?.length === 0 || list(options.client_secret).includes(''))
    throw new TypeError(`${where}: client_secret is empty`)
  if (!list(options.client_secret_hash).every((hash) => isSecretHash(hash)))
    throw new TypeError(`${where}: client_secret_hash is no hash; hashClientSecret makes one`)
  if (options.accessTokenLifetime !== undefined)
    checkDuration(`${where}: accessTokenLifetime`, options.accessTokenLifetime)
  if (options.pkce === 'nonce' && isPublic)
    throw new TypeError(`${where}: pkce: 'nonce' needs a client_secret; a public client needs PKCE`)
  if (isPublic && grantTypes(options).includes('client_credentials'))
    throw new TypeError(`${where}: client_credentials needs a client_secret`)
  if (grantTypes(options).includes('client_credentials') && (options.scopes ?? []).length === 0)
    throw new TypeError(`${where}: client_credentials needs scopes: what the client may do for itself`)
  if (isPublic && options.serves !== undefined) throw new TypeError(`${where}: serves needs a client_secret`)
}

function checkLogout(options: ClientOptions, where: string): void {
  for (const uri of options.post_logout_redirect_uris ?? []) {
    const problem = postLogoutProblem(uri, options.allowedSchemes)
    if (problem !== undefined) throw new TypeError(`${where}: post-logout redirect URI "${uri}": ${problem}`)
  }
  const uri = options.backchannel_logout_uri
  const problem = uri === undefined ? undefined : backChannelProblem(uri, 'operator')
  if (problem !== undefined) throw new TypeError(`${where}: backchannel_logout_uri "${uri}": ${problem}`)
}

async function toClient(options: ClientOptions): Promise<Client> {
  const authenticationMethods = methodsOf(options)
  const isPublic = authenticationMethods[0] === 'none'
  return {
    client_id: options.client_id,
    client_name: options.client_name,
    client_uri: options.client_uri,
    redirect_uris: options.redirect_uris ?? [],
    post_logout_redirect_uris: options.post_logout_redirect_uris,
    backchannel_logout_uri: options.backchannel_logout_uri,
    grant_types: grantTypes(options),
    application_type:
      options.application_type ??
      (isPublic && isNativeRegistration(options.redirect_uris ?? []) ? 'native' : 'web'),
    authenticationMethods,
    dpop_bound_access_tokens: options.dpop_bound_access_tokens,
    tls_client_certificate_bound_access_tokens: options.tls_client_certificate_bound_access_tokens,
    secretHashes: [
      ...list(options.client_secret_hash),
      ...(await Promise.all(list(options.client_secret).map((secret) => sha256Base64url(secret)))),
    ],
    verified: true,
    scopes: options.scopes,
    resources: options.resources,
    defaultResource: options.defaultResource,
    serves: options.serves,
    exchangeFor: options.exchangeFor,
    require_pushed_authorization_requests: options.require_pushed_authorization_requests,
    require_signed_request_object: options.require_signed_request_object,
    pkce: options.pkce ?? 'required',
    consent: options.consent ?? 'always',
    accessTokenLifetime: options.accessTokenLifetime,
    allowedSchemes: options.allowedSchemes,
    jwks: options.jwks,
    jwks_uri: options.jwks_uri,
    assertionAudience: options.assertionAudience,
  }
}

function methodsOf(options: ClientOptions): readonly [string, ...string[]] {
  const { token_endpoint_auth_method: method, jwks, jwks_uri: uri } = options
  const secret = options.client_secret ?? options.client_secret_hash
  if (method !== undefined) return [method]
  if (secret !== undefined) return ['client_secret_basic', 'client_secret_post']
  return jwks !== undefined || uri !== undefined ? ['private_key_jwt'] : ['none']
}

function grantTypes({
  grant_types = ['authorization_code', 'refresh_token'],
}: ClientOptions): readonly string[] {
  return grant_types
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? [])
}
