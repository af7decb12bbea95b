/**
 * Decide whether a presented redirect URI matches a registered one, and check a URI at registration.
 *
 * @module @gatewright/redirect-uri
 */
export { checkRedirectUri, type RedirectUriCheck } from './check-redirect-uri.ts'
export { matchRedirectUri } from './match-redirect-uri.ts'
export type { RedirectUriMatch, RedirectUriMismatch, RedirectUriRule } from './redirect-uri-match.ts'
export { createRedirectUriMatcher, type RedirectUriMatcher } from './redirect-uri-matcher.ts'
export type { RedirectUriOptions } from './redirect-uri-options.ts'
export type { RedirectUriProblem } from './redirect-uri-problem.ts'
export type { RedirectUriKind } from './registration-verdict.ts'
export type { ValidatedRedirectUri } from './validated-redirect-uri.ts'
