import { OAuthError } from '@gatewright/core'
import { checkProof, futureTolerance, invalidProof } from './check-proof.ts'
import type { CheckedProof, ProvenRequest } from './check-proof.ts'
import { createNonces } from './nonces.ts'
import type { NonceOptions, Nonces } from './nonces.ts'

/** Remembers which proofs were used. `createReplayStore` of `@gatewright/storage` makes one. */
export interface ProofMemory {
  /** `true` for the first call with this id in this namespace until `expiresAt` (milliseconds), `false` for every other, in whatever process. */
  once(namespace: string, id: string, expiresAt: number, now: number): Promise<boolean>
}

/** Which proofs are taken. */
export interface DpopOptions {
  /** @default ES256, EdDSA, Ed25519, RS256, PS256, ES384, ES512 */
  readonly algorithms?: readonly string[]
  /** Seconds after `iat` at which a proof is refused, 1 to 300. @default 60 */
  readonly lifetime?: number
  /** Demands a nonce of the server in each proof, so that none can be made ahead. @default no nonce */
  readonly nonce?: NonceOptions
}

/** Where used proofs are remembered, and the time. */
export interface DpopServices {
  readonly memory: ProofMemory
  /** Keeps the proofs of one server apart from those of others. */
  readonly namespace: string
  /** Milliseconds. */
  readonly now: number
}

/** A proof that was accepted, and cannot be again. */
export interface AcceptedProof {
  /** Thumbprint of the client's key, as in `cnf.jkt`. */
  readonly jkt: string
  /** The nonce to send along as `DPoP-Nonce`, when the proof's own is about to lapse. */
  readonly nextNonce?: string
}

/** Checks DPoP proofs. */
export interface DpopVerifier {
  readonly algorithms: readonly string[]
  /**
   * Checks a proof and uses it up.
   *
   * @param header the value of the header `DPoP`; `null` when there is none
   * @throws {OAuthError} `invalid_dpop_proof`, or `use_dpop_nonce` with the header `DPoP-Nonce`; and whatever the memory throws
   */
  accept(header: string | null, request: ProvenRequest, services: DpopServices): Promise<AcceptedProof>
}

const usual = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256', 'ES384', 'ES512']
const supported = new Set([...usual, 'RS384', 'RS512', 'PS384', 'PS512'])

/**
 * Makes the check of DPoP proofs for a server.
 *
 * Whether the key is the one that a token is bound to is for the caller to compare: see `jkt`.
 *
 * @throws {TypeError} for an unknown or symmetric algorithm, a lifetime out of bounds, or a short nonce secret
 * @example
 * <!-- prelude
 * import { createMemoryStorage, createReplayStore } from '@gatewright/storage'
 * declare const request: Request
 * -->
 * ```ts
 * const dpop = createDpopVerifier()
 * const memory = createReplayStore(createMemoryStorage())
 *
 * const { jkt } = await dpop.accept(
 *   request.headers.get('dpop'),
 *   { method: request.method, url: 'https://auth.example.com/token' },
 *   { memory, namespace: 'dpop', now: Date.now() },
 * )
 * ```
 * @see [RFC 9449 §4.3 - Checking DPoP Proofs](https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3)
 */
export function createDpopVerifier(options: DpopOptions = {}): DpopVerifier {
  const { algorithms = usual, lifetime = 60 } = options
  const unknown = algorithms.find((name) => !supported.has(name))
  if (algorithms.length === 0 || unknown !== undefined)
    throw new TypeError(`dpop: algorithms must be of ${[...supported].join(', ')}, got ${String(unknown)}`)
  if (typeof lifetime !== 'number' || !(lifetime >= 1 && lifetime <= 300))
    throw new TypeError(`dpop: lifetime must be 1 to 300 seconds, got ${String(lifetime)}`)
  const nonces = options.nonce === undefined ? undefined : createNonces(options.nonce)
  return {
    algorithms,
    async accept(header, request, { memory, namespace, now }) {
      if (header === null) throw invalidProof('a DPoP proof is required')
      const proof = await checkProof(header, request, { algorithms, lifetime, now })
      const nextNonce = nonces && (await requireNonce(proof, nonces, now))
      // Two clients may draw the same jti, so it is remembered with its key. After `iat` and the lifetime no proof is taken anyway.
      const expiresAt = Math.ceil((proof.iat + lifetime + futureTolerance) * 1000)
      if (!(await memory.once(namespace, `${proof.jkt}.${proof.jti}`, expiresAt, now)))
        throw invalidProof('the DPoP proof was used before')
      return { jkt: proof.jkt, ...(nextNonce === undefined ? {} : { nextNonce }) }
    },
  }
}

/** @see [RFC 9449 §8 - Authorization Server-Provided Nonce](https://www.rfc-editor.org/rfc/rfc9449.html#section-8) */
async function requireNonce(
  { nonce }: CheckedProof,
  nonces: Nonces,
  now: number,
): Promise<string | undefined> {
  const verdict = nonce === undefined ? undefined : await nonces.judge(nonce, now)
  if (verdict === 'fresh') return undefined
  const current = await nonces.current(now)
  if (verdict === 'old') return current
  throw new OAuthError('use_dpop_nonce', 'the DPoP proof must carry the nonce of the server', {
    headers: { 'dpop-nonce': current },
  })
}
