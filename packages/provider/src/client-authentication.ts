import { decodeBase64url } from '@gatewright/core'
import { importJWK } from 'jose'
import type { JWK } from 'jose'
import { ClientSecretBasic, ClientSecretPost, None, PrivateKeyJwt } from 'oauth4webapi'
import type { ClientAuth } from 'oauth4webapi'

/**
 * How we prove to a provider who we are.
 *
 * @see [RFC 7523 §2.2 - Using JWTs for Client Authentication](https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2)
 */
export type ProviderSecret =
  /** By HTTP Basic, form-encoded as the standard says. */
  | { readonly clientAuthentication?: 'client_secret_basic'; readonly clientSecret: string }
  /** By HTTP Basic as it is, for providers that do not decode it. */
  | { readonly clientAuthentication: 'client_secret_basic_raw'; readonly clientSecret: string }
  | { readonly clientAuthentication: 'client_secret_post'; readonly clientSecret: string }
  /** By a signed assertion; the key is a private JWK with `alg`. */
  | { readonly clientAuthentication: 'private_key_jwt'; readonly privateKey: JsonWebKey }
  /** Not at all: we are a public client there. */
  | { readonly clientAuthentication: 'none' }

/** Who we are at a provider. */
export type ProviderCredentials = { readonly clientId: string } & ProviderSecret

/**
 * Prepares how we authenticate.
 *
 * @throws {TypeError} when what the chosen way needs is missing: a login must never go on as nobody
 * @see [RFC 6749 §2.3.1 - Client Password](https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1)
 */
export function clientAuthentication(credentials: ProviderCredentials, what: string): ClientAuth {
  if (typeof credentials.clientId !== 'string' || credentials.clientId === '')
    throw new TypeError(`${what}: clientId is missing`)
  if (credentials.clientAuthentication === 'none') return None()
  if (credentials.clientAuthentication === 'private_key_jwt') return withKey(credentials.privateKey, what)
  const { clientAuthentication: method = 'client_secret_basic', clientSecret } = credentials
  if (typeof clientSecret !== 'string' || clientSecret === '')
    throw new TypeError(`${what}: clientSecret is missing; say clientAuthentication: 'none' if there is none`)
  if (method === 'client_secret_basic') return ClientSecretBasic(clientSecret)
  if (method === 'client_secret_post') return ClientSecretPost(clientSecret)
  if (method === 'client_secret_basic_raw') return rawBasic(clientSecret)
  throw new TypeError(`${what}: clientAuthentication ${JSON.stringify(method)} is unknown`)
}

function rawBasic(clientSecret: string): ClientAuth {
  return (_server, client, _body, headers) => {
    const bytes = new TextEncoder().encode(`${client.client_id}:${clientSecret}`)
    headers.set('authorization', `Basic ${btoa(String.fromCharCode(...bytes))}`)
  }
}

function withKey(given: JsonWebKey & { kid?: string }, what: string): ClientAuth {
  const { kid, alg, d } = given ?? {}
  if (typeof alg !== 'string' || decodeBase64url(d ?? '') === undefined || d === undefined)
    throw new TypeError(`${what}: privateKey must be a private JWK with alg`)
  let signed: Promise<ClientAuth> | undefined
  return async (...parameters) => {
    signed ??= importJWK(given as JWK, alg).then((key) =>
      PrivateKeyJwt({ key: key as CryptoKey, ...(kid === undefined ? {} : { kid }) }),
    )
    return (await signed)(...parameters)
  }
}
