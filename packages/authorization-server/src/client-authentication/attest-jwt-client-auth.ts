import { OAuthError } from '@gatewright/core'
import { createNonces } from '@gatewright/dpop'
import type { NonceOptions } from '@gatewright/dpop'
import { checkDuration } from '../check-duration.ts'
import { checkAsymmetric, clientAlgorithms } from '../clients/client-signature.ts'
import type { ClientAuthenticationMethod } from './client-authentication-method.ts'
import { openAttesters } from './client-attester.ts'
import type { ClientAttester } from './client-attester.ts'
import { attestedClient, verifyAttestation } from './verify-attestation.ts'
import { verifyAttestationProof } from './verify-attestation-proof.ts'

/** Who vouches for which clients, and what of it is taken. */
export interface AttestJwtClientAuthOptions {
  readonly attesters: readonly ClientAttester[]
  /** JWS algorithms of proofs, asymmetric ones. @default ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519', 'ES384', 'ES512'] */
  readonly algorithms?: readonly string[]
  /** Seconds after `iat` at which a proof is refused, 1 to 300. @default 60 */
  readonly lifetime?: number
  /** Seconds after `iat` at which an attestation is refused that has not expired yet. @default no limit but its `exp` */
  readonly maximumAge?: number
  /** Demands a challenge of the server in each proof, so that none can be made ahead. @default no challenge */
  readonly challenge?: NonceOptions
}

/**
 * An instance of an app shows that its maker vouches for it, and that it holds the key that the maker's attestation names. What it
 * gets, codes and refresh tokens, is good for this instance alone.
 *
 * Each proof is good once. Attestations with a symmetric signature are not accepted, and a DPoP proof does not do for the proof.
 *
 * @throws {TypeError} when an attester or an option could not work or would not be safe
 * @see [Attestation-Based Client Authentication draft-11 §7](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-attestation-based-client-auth-11#section-7)
 */
export function attestJwtClientAuth(options: AttestJwtClientAuthOptions): ClientAuthenticationMethod {
  const where = 'attestJwtClientAuth'
  const { algorithms = clientAlgorithms, lifetime = 60, maximumAge } = options
  const attesters = openAttesters(options.attesters, where)
  checkAsymmetric(where, algorithms)
  checkDuration(`${where}: lifetime`, lifetime, 1, 300)
  if (maximumAge !== undefined) checkDuration(`${where}: maximumAge`, maximumAge)
  const challenges = options.challenge && createNonces(options.challenge, 'attestation-challenge')

  async function requireChallenge(challenge: unknown, now: number): Promise<void> {
    if (challenges === undefined) return
    if (typeof challenge === 'string' && (await challenges.judge(challenge, now)) !== undefined) return
    const headers = { 'oauth-client-attestation-challenge': await challenges.current(now) }
    throw new OAuthError('use_attestation_challenge', 'the proof must carry the challenge of the server', {
      headers,
    })
  }

  return {
    name: 'attest_jwt_client_auth',
    metadata: {
      client_attestation_signing_alg_values_supported: [
        ...new Set(attesters.flatMap((attester) => attester.algorithms)),
      ],
      client_attestation_pop_signing_alg_values_supported: algorithms,
    },
    problem: (clientId) =>
      attesters.some(({ clients }) => clients.includes(clientId))
        ? undefined
        : 'no attester of attestJwtClientAuth speaks for it; name it in clients of one',
    detect(headers, parameters) {
      const secret = headers.get('oauth-client-attestation')
      if (secret === null) return undefined
      const proof = headers.get('oauth-client-attestation-pop') ?? undefined
      // One that cannot be read was tried all the same, and must not leave the client that it came with unauthenticated.
      const clientId = attestedClient(secret) ?? parameters.get('client_id') ?? ''
      return { candidates: [{ clientId, secret, ...(proof === undefined ? {} : { proof }) }] }
    },
    async verify({ secret = '', proof }, { client_id: clientId }, server) {
      const now = server.now()
      const attestation = await verifyAttestation(secret, clientId, attesters, maximumAge, server)
      if (typeof attestation === 'string') return attestation
      const rules = { algorithms, audience: server.issuer, lifetime, now }
      const proven = await verifyAttestationProof(proof, attestation.key, rules)
      if (typeof proven === 'string') return proven
      await requireChallenge(proven.challenge, now)
      const { instance, jti, until } = proven
      const namespace = `${server.partitions.issuer}:attestations`
      // Last, so that nobody but the instance can use an id up.
      const isFirst = await server.replay.once(namespace, JSON.stringify([instance, jti]), until + 1, now)
      return isFirst ? { instance } : 'the proof was used before'
    },
  }
}
