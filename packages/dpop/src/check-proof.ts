import { constantTimeEqual, OAuthError, readJwt, sha256Base64url } from '@gatewright/core'
import { importProofKey } from './proof-key.ts'

/** The request that a proof must be for. */
export interface ProvenRequest {
  readonly method: string
  /** The URL that clients call: from configuration, never from `Host`. Query and fragment do not count. */
  readonly url: string
  /** The access token that comes with the request, if one does. */
  readonly accessToken?: string | undefined
}

/** What a proof says, once everything in it has been checked that needs no memory. */
export interface CheckedProof {
  /** Thumbprint of the key. @see [RFC 7638 §3](https://www.rfc-editor.org/rfc/rfc7638.html#section-3) */
  readonly jkt: string
  readonly jti: string
  /** Seconds. */
  readonly iat: number
  readonly nonce: string | undefined
}

/** By what a proof is measured. */
export interface ProofRules {
  readonly algorithms: readonly string[]
  /** Seconds. */
  readonly lifetime: number
  /** Milliseconds. */
  readonly now: number
}

/** Seconds that the clock of a client may be ahead. */
export const futureTolerance = 10

const maximumLength = 8192
const maximumIdLength = 256

/** The refusal of a proof. */
export function invalidProof(message: string): OAuthError {
  return new OAuthError('invalid_dpop_proof', message)
}

/**
 * Checks a proof by itself: its form, key and signature, and that it is for this request, at this time, with this token.
 *
 * Whether it was seen before, and its nonce, are not checked.
 *
 * @param header the value of the header `DPoP`
 * @throws {OAuthError} `invalid_dpop_proof`
 * @see [RFC 9449 §4.3 - Checking DPoP Proofs](https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3)
 */
export async function checkProof(
  header: string,
  request: ProvenRequest,
  rules: ProofRules,
): Promise<CheckedProof> {
  if (header.length > maximumLength) throw invalidProof('the DPoP proof is too long')
  // Two header fields arrive joined by a comma, which no JWT has in it.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(header)) throw invalidProof('the DPoP header must carry one JWT')
  const { jkt, claims } = await verify(header, rules)
  const { jti, htm, htu, iat, nonce, ath } = claims
  if (typeof jti !== 'string' || jti === '' || jti.length > maximumIdLength)
    throw invalidProof('jti must be a text of at most 256 characters')
  // Methods are case-sensitive: a proof for `post` is none for `POST`.
  if (htm !== request.method) throw invalidProof('htm is not the method of this request')
  const target = targetOf(htu)
  if (target === undefined || target !== targetOf(request.url))
    throw invalidProof('htu is not the URL of this request')
  const seconds = rules.now / 1000
  if (typeof iat !== 'number') throw invalidProof('iat is missing')
  if (iat <= seconds - rules.lifetime || iat > seconds + futureTolerance)
    throw invalidProof('iat is too far from the time of the server; check the clock of the client')
  if (nonce !== undefined && typeof nonce !== 'string') throw invalidProof('nonce must be a text')
  // Without ath a proof that was stolen on its way could be sent with any token of the same key.
  if (request.accessToken !== undefined && !(await isHashOf(ath, request.accessToken)))
    throw invalidProof('ath is not the hash of the access token')
  return { jkt, jti, iat, nonce }
}

async function verify(
  proof: string,
  { algorithms, now }: ProofRules,
): Promise<{ jkt: string; claims: Readonly<Record<string, unknown>> }> {
  const header = readJwt(proof)?.header
  if (header === undefined) throw invalidProof('the DPoP proof is not a JWT')
  const algorithm = algorithms.find((name) => name === header['alg'])
  if (algorithm === undefined)
    throw invalidProof(`the DPoP proof must be signed with ${algorithms.join(', ')}`)
  const key = await importProofKey(header['jwk'], algorithm)
  if (key === undefined) throw invalidProof('jwk is not a public key for the algorithm of the DPoP proof')
  // Loaded when it is first needed: servers whose clients send no proofs start without it.
  const { jwtVerify } = await import('jose/jwt/verify')
  try {
    const options = { algorithms: [algorithm], typ: 'dpop+jwt', currentDate: new Date(now) }
    return { jkt: key.jkt, claims: (await jwtVerify(proof, key.key, options)).payload }
  } catch {
    throw invalidProof('the DPoP proof is not a dpop+jwt with a valid signature')
  }
}

/** @see [RFC 3986 §6.2 - Comparison Ladder](https://www.rfc-editor.org/rfc/rfc3986.html#section-6.2) */
function targetOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined
  const { protocol, username, password, origin, pathname } = new URL(url)
  // The origin of any other scheme is opaque, and all of them are the same one.
  if (!['https:', 'http:'].includes(protocol) || username !== '' || password !== '') return undefined
  return origin + pathname
}

async function isHashOf(ath: unknown, token: string): Promise<boolean> {
  return typeof ath === 'string' && constantTimeEqual(ath, await sha256Base64url(token))
}
