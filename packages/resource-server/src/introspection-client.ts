import { importJWK, type JWK } from 'jose'
import { ClientSecretBasic, PrivateKeyJwt, type ClientAuth } from 'oauth4webapi'

/** Who the resource server is at an authorization server: a client with a secret, or with a key. */
export type IntrospectionCredentials = { readonly clientId: string } & (
  | { readonly clientSecret: string; readonly privateKey?: undefined }
  /** A private JWK with `alg`, for a signed assertion. @see [RFC 7523 §2.2](https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2) */
  | { readonly privateKey: JsonWebKey; readonly clientSecret?: undefined }
)

/**
 * Prepares how the resource server authenticates: a secret goes into HTTP Basic.
 *
 * @throws {TypeError} when the credentials are missing or malformed
 * @see [RFC 7662 §2.1 - Introspection Request](https://www.rfc-editor.org/rfc/rfc7662.html#section-2.1)
 */
export function introspectionClient({
  clientId,
  clientSecret,
  privateKey,
}: IntrospectionCredentials): ClientAuth {
  if (typeof clientId !== 'string' || clientId === '') throw new TypeError('clientId must be a text')
  if ((clientSecret === undefined) === (privateKey === undefined))
    throw new TypeError('give clientSecret or privateKey: nobody else may introspect tokens')
  if (privateKey !== undefined) return withKey(privateKey)
  if (typeof clientSecret !== 'string' || clientSecret === '')
    throw new TypeError('clientSecret must not be empty')
  return ClientSecretBasic(clientSecret)
}

function withKey(jwk: JWK): ClientAuth {
  const { kid, alg, d } = jwk
  if (typeof alg !== 'string' || typeof d !== 'string')
    throw new TypeError('privateKey must be a private JWK with alg')
  let prepared: Promise<ClientAuth> | undefined
  return async (...request) => {
    prepared ??= importJWK(jwk, alg).then((key) =>
      PrivateKeyJwt({ key: key as CryptoKey, ...(kid === undefined ? {} : { kid }) }),
    )
    return (await prepared)(...request)
  }
}
