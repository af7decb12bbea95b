import { verifyWith as verifierOf, type ReadJwt, type Verify } from '@gatewright/core'
import {
  errors,
  exportJWK,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  type ResolvedKey,
} from 'jose'
import type { Keys, KeySet } from './key-set.ts'

const maximumAttempts = 5
const maximumHeaders = 16

/** A token, and its parts where it can be taken apart. */
export interface PresentedJwt {
  readonly token: string
  readonly read: ReadJwt | undefined
}

/** Claims whose signature was verified, with the keys that were used. */
export interface SignedClaims {
  readonly payload: Readonly<Record<string, unknown>>
  readonly keys: Keys
}

/** Verifies JWTs of one issuer, by one set of rules. */
export type SignatureVerifier = (
  presented: PresentedJwt,
  keySet: KeySet,
  options: JWTVerifyOptions,
) => Promise<SignedClaims>

/**
 * Makes the function that verifies a JWT with the keys of its issuer.
 *
 * All tokens that an issuer signs with one key have one header. The first is judged by jose, which chooses the key by it; those that
 * follow with exactly that text are only verified, by that key, for as long as the key set is the same.
 *
 * A key id that is not in the set makes it load once, within its cool-down. The function throws the errors of jose when the token does
 * not verify.
 */
export function createSignatureVerifier(): SignatureVerifier {
  /** By the set that the keys are from, so that a change of the keys forgets all of it. */
  const known = new WeakMap<Keys, Map<string, Verify>>()

  async function learn(keys: Keys, headerText: string, result: JWTVerifyResult & ResolvedKey): Promise<void> {
    const { alg, kid } = result.protectedHeader
    // Without a name, a header says nothing about which of several keys is meant.
    if (kid === undefined || result.key instanceof Uint8Array) return
    const headers = known.get(keys) ?? new Map<string, Verify>()
    if (headers.size >= maximumHeaders) headers.clear()
    const check = await exportJWK(result.key).then((jwk) => verifierOf(jwk as JsonWebKey, alg))
    headers.set(headerText, check)
    known.set(keys, headers)
  }

  async function verifyAnew(
    { token, read }: PresentedJwt,
    keys: Keys,
    options: JWTVerifyOptions,
  ): Promise<SignedClaims> {
    try {
      const result = await jwtVerify(token, keys.resolve, options)
      if (read !== undefined) await learn(keys, read.headerText, result).catch(() => {})
      return { payload: result.payload, keys }
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
      return { payload: await firstVerified(token, error, options), keys }
    }
  }

  return async (presented, keySet, options) => {
    const keys = await keySet.current()
    const { read } = presented
    const check = read && known.get(keys)?.get(read.headerText)
    try {
      // What is not as usual is for jose to judge, and to say why.
      if (read === undefined || check === undefined || !isUsual(read.claims, options))
        return await verifyAnew(presented, keys, options)
      if (await check(read.signed, read.signature)) return { payload: read.claims, keys }
      throw new errors.JWSSignatureVerificationFailed()
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      const refreshed = await keySet.refreshed()
      if (refreshed === keys) throw error
      return verifyAnew(presented, refreshed, options)
    }
  }
}

/** Whether the claims are from the issuer, complete, and not over: all that jose would ask of them. `nbf` is left to it. */
function isUsual(
  claims: Readonly<Record<string, unknown>>,
  { issuer, requiredClaims = [], clockTolerance, currentDate }: JWTVerifyOptions,
): boolean {
  const { iss, exp, nbf } = claims
  // Without a time, nothing is before it.
  const now = Math.floor((currentDate?.getTime() ?? Infinity) / 1000)
  return (
    iss === issuer &&
    nbf === undefined &&
    typeof exp === 'number' &&
    exp > now - Number(clockTolerance) &&
    requiredClaims.every((name) => claims[name] !== undefined)
  )
}

/** A token without `kid` fits several keys: try some, not all, because each attempt is a signature's work. */
async function firstVerified(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let attempts = 0
  for await (const key of candidates)
    try {
      return (await jwtVerify(token, key, options)).payload
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
      if (++attempts === maximumAttempts) break
    }
  throw new errors.JWSSignatureVerificationFailed()
}
