/**
 * Check and create DPoP proofs, which bind tokens to a key of their client.
 *
 * @module @gatewright/dpop
 */
export { createDpopVerifier } from './dpop-verifier.ts'
export type { AcceptedProof, DpopOptions, DpopServices, DpopVerifier, ProofMemory } from './dpop-verifier.ts'
export type { ProvenRequest } from './check-proof.ts'
export { createNonces } from './nonces.ts'
export type { NonceOptions, Nonces } from './nonces.ts'
export { importProofKey } from './proof-key.ts'
export type { ProofKey } from './proof-key.ts'
export { createDpopKey } from './dpop-key.ts'
export type { DpopKey, DpopKeyOptions, ProofContent } from './dpop-key.ts'
