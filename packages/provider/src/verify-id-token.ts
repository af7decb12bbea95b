import { constantTimeEqual, encodeBase64url } from '@gatewright/core'
import { jwtVerify } from 'jose'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import { signingAlgorithms } from './signing-algorithms.ts'

/** What an ID token must agree with. */
export interface IdTokenExpectation {
  readonly keys: JWTVerifyGetKey
  readonly issuer: string
  readonly clientId: string
  readonly nonce: string | undefined
  readonly accessToken: string
  /** In milliseconds. */
  readonly now: number
}

const tolerance = 60

/**
 * Verifies an ID token: signature, issuer, audience, authorized party, nonce, times, and the hash of the access token.
 *
 * @throws {Error} when anything of it is wrong; the message is for the operator
 * @see [OpenID Connect Core 1.0 §3.1.3.7 - ID Token Validation](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)
 */
export async function verifyIdToken(
  idToken: string,
  { keys, issuer, clientId, nonce, accessToken, now }: IdTokenExpectation,
): Promise<JWTPayload & { readonly sub: string }> {
  const { payload, protectedHeader } = await jwtVerify(idToken, keys, {
    algorithms: [...signingAlgorithms],
    issuer,
    audience: clientId,
    requiredClaims: ['sub', 'exp', 'iat'],
    clockTolerance: tolerance,
    currentDate: new Date(now),
  })
  const { sub, iat = 0, aud, azp, at_hash: hash } = payload
  if (typeof sub !== 'string' || sub === '') throw new Error('the ID token has no sub')
  if (iat > now / 1000 + tolerance) throw new Error('the ID token is from the future')
  if (Array.isArray(aud) && aud.length > 1 && azp === undefined)
    throw new Error('the ID token has several audiences and no azp')
  if (azp !== undefined && azp !== clientId) throw new Error('the ID token was made for another client')
  if (nonce !== undefined && !(typeof payload.nonce === 'string' && constantTimeEqual(payload.nonce, nonce)))
    throw new Error('the nonce of the ID token is not the one of this login')
  if (
    hash !== undefined &&
    !(typeof hash === 'string' && constantTimeEqual(hash, await halfHash(accessToken, protectedHeader.alg)))
  )
    throw new Error('the ID token belongs to another access token')
  return { ...payload, sub }
}

/** The left half of a token's hash. @see [OpenID Connect Core 1.0 §3.1.3.6](https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken) */
async function halfHash(token: string, algorithm: string): Promise<string> {
  // Ed25519 signs by way of SHA-512.
  const size = algorithm.startsWith('Ed') ? '512' : algorithm.slice(-3)
  const digest = await crypto.subtle.digest(`SHA-${size}`, new TextEncoder().encode(token))
  return encodeBase64url(new Uint8Array(digest, 0, digest.byteLength / 2))
}
