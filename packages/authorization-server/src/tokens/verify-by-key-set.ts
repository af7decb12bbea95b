import type { JSONWebKeySet, JWTPayload, JWTVerifyOptions } from 'jose'

/**
 * Verifies a JWT by a set of public keys that is at hand, and the claims that the options name.
 *
 * jose is loaded when it is first needed, here and elsewhere: it takes longer than everything else that a server starts with, and
 * many never need it.
 *
 * @throws {Error} of jose, for a token that does not count
 */
export async function verifyByKeySet(
  token: string,
  keys: JSONWebKeySet,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  const [{ jwtVerify }, { createLocalJWKSet }] = await Promise.all([
    import('jose/jwt/verify'),
    import('jose/jwks/local'),
  ])
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), options)
  return payload
}
