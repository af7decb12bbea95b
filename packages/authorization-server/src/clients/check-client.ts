import { isSecretHash } from '../client-authentication/secret-hash.ts'
import { checkRedirectUri } from '@gatewright/redirect-uri'
import { checkDuration } from '../check-duration.ts'
import { backchannelProblem } from './backchannel-metadata.ts'
import { checkClientKeys } from './check-client-keys.ts'
import type { ClientOptions } from './client-options.ts'
import { backChannelProblem, postLogoutProblem } from './logout-metadata.ts'

const lifetimes = ['accessTokenLifetime', 'refreshTokenIdleLifetime', 'refreshTokenLifetime'] as const

/** Checks what can be said about a client without its server. @throws {TypeError} for one that could never work or would not be safe */
export function checkClient(options: ClientOptions): void {
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
  const background = backchannelProblem(options, grantTypes(options), isPublic)
  if (background !== undefined) throw new TypeError(`${where}: ${background}`)
  // An unset variable would silently make the client public.
  if (Object.hasOwn(options, 'client_secret') && options.client_secret === undefined)
    throw new TypeError(`${where}: client_secret is undefined; leave it out for a public client`)
  if (options.client_secret?.length === 0 || list(options.client_secret).includes(''))
    throw new TypeError(`${where}: client_secret is empty`)
  if (!list(options.client_secret_hash).every((hash) => isSecretHash(hash)))
    throw new TypeError(`${where}: client_secret_hash is no hash; hashClientSecret makes one`)
  for (const name of lifetimes)
    if (options[name] !== undefined) checkDuration(`${where}: ${name}`, options[name])
  if (options.providers?.length === 0)
    throw new TypeError(`${where}: providers is empty, so nobody could log in; leave it out for any`)
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

/** How the client may authenticate; the first is the registered way. */
export function methodsOf(options: ClientOptions): readonly [string, ...string[]] {
  const { token_endpoint_auth_method: method, jwks, jwks_uri: uri } = options
  const secret = options.client_secret ?? options.client_secret_hash
  if (method !== undefined) return [method]
  if (secret !== undefined) return ['client_secret_basic', 'client_secret_post']
  return jwks !== undefined || uri !== undefined ? ['private_key_jwt'] : ['none']
}

/** The grant types that the client may use. */
export function grantTypes({
  grant_types = ['authorization_code', 'refresh_token'],
}: ClientOptions): readonly string[] {
  return grant_types
}

/** One of something, or several. */
export function list(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? [])
}
