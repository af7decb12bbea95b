import { importProofKey } from '@gatewright/dpop'
import type { JWTPayload } from 'jose'
import { clientClockTolerance as tolerance } from '../clients/client-signature.ts'

/** By what a proof is measured. */
export interface ProofRules {
  readonly algorithms: readonly string[]
  /** The only audience. */
  readonly audience: string
  /** Seconds after `iat`. */
  readonly lifetime: number
  /** Milliseconds. */
  readonly now: number
}

/** A proof that an instance of a client holds its key; whether it was seen before, and its challenge, are not checked. */
export interface AttestationProof {
  /** Thumbprint of the key. */
  readonly instance: string
  readonly jti: string
  readonly challenge: unknown
  /** When it stops counting, in milliseconds. */
  readonly until: number
}

const maximumLength = 8192
const maximumIdLength = 256

/**
 * Verifies that who sends a request holds the key that an attestation names.
 *
 * @param jwk the key that the attestation names
 * @returns the proof, or the reason why it does not count, which is for the operator
 * @see [Attestation-Based Client Authentication draft-11 §7.2](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-attestation-based-client-auth-11#section-7.2)
 */
export async function verifyAttestationProof(
  proof: string | undefined,
  jwk: unknown,
  rules: ProofRules,
): Promise<AttestationProof | string> {
  if (proof === undefined) return 'OAuth-Client-Attestation-PoP is missing'
  // Two header fields arrive joined by a comma, which no JWT has in it.
  if (proof.length > maximumLength || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(proof))
    return 'OAuth-Client-Attestation-PoP must carry one JWT'
  const [{ decodeProtectedHeader }, { jwtVerify }] = await Promise.all([
    import('jose/decode/protected_header'),
    import('jose/jwt/verify'),
  ])
  try {
    const { alg = '' } = decodeProtectedHeader(proof)
    if (!rules.algorithms.includes(alg))
      return `the algorithm of the proof is not accepted: ${alg}`.slice(0, 64)
    // What the header of the proof says about a key has no say: the attester vouches for this one alone.
    const key = await importProofKey(jwk, alg)
    if (key === undefined) return 'cnf.jwk is not a public key for the algorithm of the proof'
    const { payload } = await jwtVerify(proof, key.key, {
      algorithms: [alg],
      typ: 'oauth-client-attestation-pop+jwt',
      currentDate: new Date(rules.now),
      clockTolerance: tolerance,
    })
    return judge(payload, key.jkt, rules)
  } catch (error) {
    return `the proof does not count: ${String(error)}`.slice(0, 256)
  }
}

function judge(
  { aud, iat, jti, ...others }: JWTPayload,
  instance: string,
  { audience, lifetime, now }: ProofRules,
): AttestationProof | string {
  const [named, another] = Array.isArray(aud) ? aud : [aud]
  // A proof that another server may see as well could come from there.
  if (named !== audience || another !== undefined) return `aud must be ${audience}, and nothing besides`
  if (typeof jti !== 'string' || jti === '' || jti.length > maximumIdLength)
    return `jti must be a string of 1 to ${maximumIdLength} characters`
  const seconds = now / 1000
  if (iat === undefined || iat <= seconds - lifetime - tolerance || iat > seconds + tolerance)
    return 'iat is missing, or too far from the time of the server'
  return {
    instance,
    jti,
    challenge: others['challenge'],
    until: Math.ceil((iat + lifetime + tolerance) * 1000),
  }
}
