import type { JWK, JWTPayload, ProtectedHeaderParameters } from 'jose'
import type { ServerContext } from '../server-context.ts'
import { clientKeysOf } from './client-keys.ts'
import type { Client } from './client.ts'

/** Which JWT of a client is expected. */
export interface ClientStatement {
  /** What errors call it. */
  readonly what: string
  readonly algorithms: readonly string[]
  /** Whether a `typ` in the header, or none, will do. */
  readonly isType: (typ: string | undefined) => boolean
  readonly requiredClaims: readonly string[]
}

/** The longest JWT of a client that is read. */
export const maximumStatementLength = 16_384
/** Seconds that the clocks of a client and this server may differ by. */
export const clientClockTolerance = 30
/** The algorithms that clients may sign with unless the operator names others. */
export const clientAlgorithms: readonly string[] = [
  'ES256',
  'RS256',
  'PS256',
  'EdDSA',
  'Ed25519',
  'ES384',
  'ES512',
]

const maximumKeys = 5

/** Checks a list of algorithms: whoever knows a public key could sign with a symmetric one. @throws {TypeError} */
export function checkAsymmetric(where: string, algorithms: readonly string[]): void {
  if (algorithms.length === 0) throw new TypeError(`${where}: name at least one algorithm`)
  const symmetric = algorithms.find((name) => !/^(?:ES|RS|PS)\d{3}$|^EdDSA$|^Ed25519$/.test(name))
  if (symmetric !== undefined) throw new TypeError(`${where}: "${symmetric}" is no algorithm of a public key`)
}

/**
 * Verifies the signature of a client and the times of what it signed: `exp`, `nbf` and `iat` where they are there.
 *
 * @returns the claims, or the reason why they do not count, which is for the operator
 * @see [RFC 7515 §5.2 - Message Signature or MAC Validation](https://www.rfc-editor.org/rfc/rfc7515.html#section-5.2)
 */
export async function verifyClientSignature(
  jwt: string,
  client: Client,
  { what, algorithms, isType, requiredClaims }: ClientStatement,
  now: number,
  server: ServerContext,
): Promise<JWTPayload | string> {
  const [{ decodeProtectedHeader }, { importJWK }, { jwtVerify }] = await Promise.all([
    import('jose/decode/protected_header'),
    import('jose/key/import'),
    import('jose/jwt/verify'),
  ])
  let header: ProtectedHeaderParameters
  try {
    header = decodeProtectedHeader(jwt)
  } catch {
    return `${what} is no JWT`
  }
  const { alg = '', kid, typ } = header
  if (!algorithms.includes(alg)) return `the algorithm is not accepted: ${alg}`.slice(0, 64)
  // A token of another kind that is signed with the same key must not do for this one.
  if (!isType(typ)) return `${what} has another type`
  const keys = (await clientKeysOf(server).find(client, typeof kid === 'string' ? kid : undefined)).filter(
    (key) => (key['use'] ?? 'sig') === 'sig' && (key['alg'] ?? alg) === alg,
  )
  if (keys.length === 0) return 'the client has no key with this key id and algorithm'
  for (const key of keys.slice(0, maximumKeys)) {
    try {
      const { payload } = await jwtVerify(jwt, await importJWK(key as JWK, alg), {
        algorithms: [alg],
        currentDate: new Date(now),
        clockTolerance: clientClockTolerance,
        requiredClaims: [...requiredClaims],
      })
      return payload
    } catch (error) {
      if (keys.length === 1) return error instanceof Error ? error.message : `${what} is not valid`
    }
  }
  return 'no key of the client fits the signature, or a time or claim is missing or over'
}
