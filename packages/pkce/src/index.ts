/**
 * Create and verify PKCE code challenges, S256 only.
 *
 * @module @gatewright/pkce
 */
export { calculateCodeChallenge, isCodeChallenge } from './code-challenge.ts'
export { createCodeVerifier, isCodeVerifier } from './code-verifier.ts'
export { verifyCodeChallenge } from './verify-code-challenge.ts'
