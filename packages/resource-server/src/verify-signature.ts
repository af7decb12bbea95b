import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose'
import type { Keys, KeySet } from './key-set.ts'

const maximumAttempts = 5

/**
 * Verifies a JWT with the keys of its issuer, and gives its claims with the keys that were used.
 *
 * A key id that is not in the set makes it load once, within its cool-down.
 *
 * @throws {Error} of jose, when the token does not verify
 */
export async function verifySignature(
  token: string,
  keySet: KeySet,
  options: JWTVerifyOptions,
): Promise<{ payload: JWTPayload; keys: Keys }> {
  const keys = await keySet.current()
  try {
    return { payload: await verifyWith(token, keys, options), keys }
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
    const refreshed = await keySet.refreshed()
    if (refreshed === keys) throw error
    return { payload: await verifyWith(token, refreshed, options), keys: refreshed }
  }
}

async function verifyWith(token: string, keys: Keys, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys.resolve, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    return firstVerified(token, error, options)
  }
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
