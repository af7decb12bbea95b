import { sha256Base64url } from '@gatewright/core'
import { checkRedirectUri } from '@gatewright/redirect-uri'
import { checkDuration } from '../check-duration.ts'
import { isNativeRegistration } from './native-registration.ts'
import type { Client } from './client.ts'
import type { ClientSource } from './client-source.ts'

/** A client as the operator writes it down. */
export interface ClientOptions {
  readonly client_id: string
  /** What users read on the consent page. @default the client_id */
  readonly client_name?: string
  readonly client_uri?: string
  /** Compared as strings. A loopback entry may have `*` as its port: `http://127.0.0.1:*\/callback`. */
  readonly redirect_uris?: readonly string[]
  /** @default ['authorization_code', 'refresh_token'] */
  readonly grant_types?: readonly string[]
  /** The secret, or several while one is being rotated. A client without one is public. */
  readonly client_secret?: string | readonly string[]
  /** @default 'none' without a secret; with one, Basic and post are both accepted */
  readonly token_endpoint_auth_method?: string
  /** @default 'native' for a public client with a loopback or private-use redirect URI, else 'web' */
  readonly application_type?: 'native' | 'web'
  /** The scopes that the client may be granted. @default all of the resource */
  readonly scopes?: readonly string[]
  /** The resources that the client may ask for. @default all */
  readonly resources?: readonly string[]
  /** The resources that it is the server of: it may introspect and exchange their tokens. @default none */
  readonly serves?: readonly string[]
  /** The resources that it may exchange tokens for. @default none */
  readonly exchangeFor?: readonly string[]
  /** `nonce` lets a confidential client go without PKCE when it sends `openid` and `nonce`. @default 'required' */
  readonly pkce?: 'required' | 'nonce'
  /** `never` skips the consent page; refused for clients with a loopback redirect URI. @default 'always' */
  readonly consent?: 'always' | 'never'
  /** Seconds. @default the server's */
  readonly accessTokenLifetime?: number
  /** Private-use schemes without a dot that redirect URIs may use, for example `cursor`. */
  readonly allowedSchemes?: readonly string[]
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
export function registered(...clients: readonly ClientOptions[]): ClientSource {
  const known = new Map<string, Promise<Client>>()
  for (const options of clients) {
    if (known.has(options.client_id)) throw new TypeError(`client "${options.client_id}" is registered twice`)
    check(options)
    known.set(options.client_id, toClient(options))
  }
  return { name: 'registered', find: async (clientId) => known.get(clientId) }
}

function check(options: ClientOptions): void {
  const where = `client "${options.client_id}"`
  const isPublic =
    options.client_secret === undefined && (options.token_endpoint_auth_method ?? 'none') === 'none'
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
    if (verdict.kind !== 'https' && options.consent === 'never')
      throw new TypeError(
        `${where}: consent: 'never' needs https redirect URIs, since any program can listen on "${uri}"`,
      )
  }
  if (options.token_endpoint_auth_method === 'none' && options.client_secret !== undefined)
    throw new TypeError(
      `${where}: token_endpoint_auth_method 'none' and a client_secret contradict each other`,
    )
  if (options.token_endpoint_auth_method?.startsWith('client_secret_') && options.client_secret === undefined)
    throw new TypeError(`${where}: ${options.token_endpoint_auth_method} needs a client_secret`)
  // An unset variable would silently make the client public.
  if (Object.hasOwn(options, 'client_secret') && options.client_secret === undefined)
    throw new TypeError(`${where}: client_secret is undefined; leave it out for a public client`)
  if (options.client_secret?.length === 0 || secrets(options).some((secret) => secret === ''))
    throw new TypeError(`${where}: client_secret is empty`)
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

async function toClient(options: ClientOptions): Promise<Client> {
  const method = options.token_endpoint_auth_method
  const isPublic = options.client_secret === undefined && (method ?? 'none') === 'none'
  const authenticationMethods: readonly [string, ...string[]] = isPublic
    ? ['none']
    : method === undefined
      ? ['client_secret_basic', 'client_secret_post']
      : [method]
  return {
    client_id: options.client_id,
    client_name: options.client_name,
    client_uri: options.client_uri,
    redirect_uris: options.redirect_uris ?? [],
    grant_types: grantTypes(options),
    application_type:
      options.application_type ??
      (isPublic && isNativeRegistration(options.redirect_uris ?? []) ? 'native' : 'web'),
    authenticationMethods,
    secretHashes: await Promise.all(secrets(options).map((secret) => sha256Base64url(secret))),
    verified: true,
    scopes: options.scopes,
    resources: options.resources,
    serves: options.serves,
    exchangeFor: options.exchangeFor,
    pkce: options.pkce ?? 'required',
    consent: options.consent ?? 'always',
    accessTokenLifetime: options.accessTokenLifetime,
    allowedSchemes: options.allowedSchemes,
  }
}

function grantTypes({
  grant_types = ['authorization_code', 'refresh_token'],
}: ClientOptions): readonly string[] {
  return grant_types
}

function secrets({ client_secret }: ClientOptions): readonly string[] {
  if (client_secret === undefined) return []
  return typeof client_secret === 'string' ? [client_secret] : client_secret
}
