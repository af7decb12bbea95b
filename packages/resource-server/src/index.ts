/**
 * The resource server's half of OAuth: verify access tokens, answer 401 and 403, publish protected-resource metadata.
 *
 * @module @gatewright/resource-server
 */
export { createResourceServer } from './resource-server.ts'
export type { Gate, ResourceServer } from './resource-server.ts'
export type { Introspect, KeySource, ResourceServerOptions, TrustedAuthorizationServer } from './options.ts'
export { introspection } from './introspection.ts'
export type { IntrospectionOptions } from './introspection.ts'
export { tokenProfiles } from './token-profile.ts'
export type { TokenProfile } from './token-profile.ts'
export type { AccessToken } from './access-token.ts'
export type { ResourceDpopOptions } from './possession.ts'
export type { ForbiddenToken } from './challenge-responses.ts'
export { toAuthInfo } from './auth-info.ts'
export type { AuthInfo } from './auth-info.ts'
export type { JsonWebKeySet } from './key-set.ts'
