/**
 * Log users in through any OAuth 2.0 or OpenID Connect provider.
 *
 * @module @gatewright/provider
 */
export { customProvider } from './custom-provider.ts'
export type { CustomProviderOptions } from './custom-provider.ts'
export { oidcProvider } from './oidc-provider.ts'
export type { OidcProviderOptions } from './oidc-provider.ts'
export type { Provider } from './provider.ts'
export type { ProviderOptions } from './provider-options.ts'
export type { ProviderCredentials, ProviderSecret } from './client-authentication.ts'
export type { ClaimMapping, ClaimRule, ClaimSource } from './claims/claim-mapping.ts'
export { readPath } from './claims/read-path.ts'
export { isEmailOfDomain } from './claims/email-domain.ts'
export { backchannelLogout } from './backchannel-logout.ts'
export type { BackchannelLogoutOptions } from './backchannel-logout.ts'
export type { UpstreamLogout } from './verify-logout-token.ts'
export { identityKey } from './identity-key.ts'
export { linkAccounts } from './link-accounts.ts'
export type { AccountLinks, LinkByEmail } from './link-accounts.ts'
export { createUpstreamTokens } from './upstream-tokens/create-upstream-tokens.ts'
export type {
  TokenUse,
  UpstreamGrant,
  UpstreamTokens,
  UpstreamTokensOptions,
} from './upstream-tokens/create-upstream-tokens.ts'
export { presets } from './presets/presets.ts'
