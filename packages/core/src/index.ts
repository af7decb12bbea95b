/**
 * Shared vocabulary of the Gatewright packages: errors, scopes, events, the handler and runtime contracts.
 *
 * @module @gatewright/core
 */
export { asciiDescription, OAuthError } from './oauth-error.ts'
export type { OAuthErrorCode, OAuthErrorOptions } from './oauth-error.ts'
export { defineScopes } from './define-scopes.ts'
export type { ScopeDefinition, Scopes } from './define-scopes.ts'
export type { AuthorizationDetail } from './authorization-detail.ts'
export { formatScope, parseScope } from './parse-scope.ts'
export { composeHandlers } from './compose-handlers.ts'
export type { RequestContext, RequestHandler } from './request-handler.ts'
export { defaultRuntime } from './runtime.ts'
export type { Runtime } from './runtime.ts'
export { createEventSink } from './events.ts'
export type { EventDetails, EventInput, EventSink, EventType, GatewrightEvent, OnEvent } from './events.ts'
export {
  decodeBase64url,
  encodeBase64url,
  encodeTextBase64url,
  hmacSha256,
  sha256,
  sha256Base64url,
  signWith,
  verifyWith,
} from '#platform'
export type { Sign, Verify } from './signatures.ts'
export { generateKey } from './generate-key.ts'
export { jwkThumbprint } from './jwk-thumbprint.ts'
export { readJwt } from './read-jwt.ts'
export type { ReadJwt } from './read-jwt.ts'
export { constantTimeEqual } from './constant-time-equal.ts'
export { bearerChallenge, dpopChallenge } from './bearer-challenge.ts'
export type { ChallengeParameters } from './bearer-challenge.ts'
export { printableText } from './printable-text.ts'
export { readBody } from './read-body.ts'
export { isTooDeep } from './is-too-deep.ts'
export { deepFreeze } from './deep-freeze.ts'
export { readAtMost } from './read-at-most.ts'
export { guardedFetch } from './guarded-fetch.ts'
export type { GuardedFetchOptions } from './guarded-fetch.ts'
export { addressKind } from './address-kind.ts'
export type { AddressKind } from './address-kind.ts'
export { parseIpAddress } from './ip-address.ts'
export type { IpAddress } from './ip-address.ts'
export { parseIpNetwork } from './ip-network.ts'
export type { IpNetwork } from './ip-network.ts'
export { jsonResponse } from './json-response.ts'
export { canonicalResource, checkOriginUrl, isLoopbackHostname, isSameResource } from './urls.ts'
export type { Act } from './act.ts'
export { isConfirmed } from './confirmation.ts'
export type { Confirmation } from './confirmation.ts'
export { certificateDer } from './certificate-der.ts'
export { certificateNames } from './certificate-names.ts'
export type { CertificateNames } from './certificate-names.ts'
export { certificateThumbprint } from './certificate-thumbprint.ts'
export type {
  Approval,
  AuthorizationRequest,
  Departure,
  Interaction,
  InteractionClient,
  Login,
  RequestedScope,
  Return,
  Session,
  Subject,
  Visit,
} from './interaction.ts'
export type {
  ConsentState,
  InteractionPages,
  LoginFailure,
  LoginState,
  ProviderChoice,
} from './interaction-pages.ts'
export type {
  Identity,
  LoginProvider,
  LoginStart,
  PendingLogin,
  ProviderLogout,
  ProviderTokens,
} from './login-provider.ts'
export { askPolicy } from './policy.ts'
export type { Decision, Policy, PolicyInput } from './policy.ts'
export { limitToken } from './token-limits.ts'
export type { TokenLimits } from './token-limits.ts'
export type { PolicyClient, TokenPolicy, TokenPolicyInput } from './token-policy.ts'
export type { CallPolicy, CallPolicyInput } from './call-policy.ts'
export type { Signer } from './signer.ts'
export type { TokenStatusQuery } from './token-status.ts'
