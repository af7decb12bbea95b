/**
 * Check and create DPoP proofs, which bind tokens to a key of their client.
 *
 * @module @gatewright/dpop
 */
export { createDpopVerifier } from './dpop-verifier.ts'
export type { AcceptedProof, DpopOptions, DpopServices, DpopVerifier, ProofMemory } from './dpop-verifier.ts'
export type { ProvenRequest } from './check-proof.ts'
export type { NonceOptions } from './nonces.ts'
export { createDpopKey } from './dpop-key.ts'
export type { DpopKey, DpopKeyOptions, ProofContent } from './dpop-key.ts'
