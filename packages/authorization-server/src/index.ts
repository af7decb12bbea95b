/**
 * OAuth 2.1 / OpenID Connect authorization server, as one handler or part by part.
 *
 * @module @gatewright/authorization-server
 */
export { createAuthorizationServer } from './authorization-server.ts'
export type { AuthorizationServer } from './authorization-server.ts'
export type { AuthorizationServerOptions, ResolvedOptions, ResourceOptions, User } from './options.ts'
export { registered } from './clients/registered.ts'
export type { ClientOptions } from './clients/registered.ts'
export { dynamicRegistration } from './clients/dynamic-registration.ts'
export type { DynamicRegistrationOptions } from './clients/dynamic-registration.ts'
export type { Client } from './clients/client.ts'
export type { ClientSource } from './clients/client-source.ts'
export { authorizationCode } from './grants/authorization-code.ts'
export { clientCredentials } from './grants/client-credentials.ts'
export { tokenExchange } from './grants/token-exchange.ts'
export type { TokenExchangeOptions } from './grants/token-exchange.ts'
export { refreshToken } from './grants/refresh-token.ts'
export type { GrantType, TokenRequest, TokenResponse } from './grants/grant-type.ts'
export type { CodeState, Grant, RefreshFamily } from './grants/grant.ts'
export type { GrantStore, StoredGrant } from './grants/grant-store.ts'
export type { Endpoint } from './endpoints/endpoint.ts'
export { introspection } from './endpoints/introspection.ts'
export { revocation } from './endpoints/revocation.ts'
export { userinfo } from './endpoints/userinfo.ts'
export { none } from './client-authentication/none.ts'
export { clientSecretBasic } from './client-authentication/client-secret-basic.ts'
export { clientSecretPost } from './client-authentication/client-secret-post.ts'
export type {
  ClientAuthenticationMethod,
  ClientCandidate,
  ClientCredentials,
} from './client-authentication/client-authentication-method.ts'
export type { AccessTokenClaims, AccessTokenFormat } from './tokens/access-token.ts'
export { signingKeys } from './tokens/signing-keys.ts'
export type {
  KeyRing,
  KeyServices,
  SigningAlgorithm,
  SigningKeys,
  SigningKeysOptions,
} from './tokens/signing-keys.ts'
export { loginWith } from './interaction/login-with.ts'
export type { LoginOptions } from './interaction/login-with.ts'
export type { LoginMethod } from './interaction/login-method.ts'
export type { OnLogin } from './interaction/provider-login.ts'
export { password } from './interaction/password.ts'
export type { Password } from './interaction/password.ts'
export type { SessionStore } from './interaction/session-store.ts'
export { html } from './pages/html.ts'
export type { Html } from './pages/html.ts'
export { loginPage } from './pages/login-page.ts'
export type { LoginPage } from './pages/login-page.ts'
export { consentPage } from './pages/consent-page.ts'
export type { ConsentPage } from './pages/consent-page.ts'
export { accountPage } from './pages/account-page.ts'
export type { AccountPage, ConnectedClient } from './pages/account-page.ts'
export { errorPage } from './pages/error-page.ts'
export type { ErrorKind, ErrorPage } from './pages/error-page.ts'
export { logoutPage, signedOutPage } from './pages/logout-page.ts'
export type { LogoutPage, SignedOutPage } from './pages/logout-page.ts'
export type { DescribedScope } from './pages/scope-choices.ts'
export type { PageContents, PageOptions, PageRenderers, Pages, PageVisitor } from './pages/create-pages.ts'
export { chinese } from './pages/languages/chinese.ts'
export { english } from './pages/languages/english.ts'
export { spanish } from './pages/languages/spanish.ts'
export type { Language, Messages } from './pages/languages/language.ts'
export { layout } from './pages/layout.ts'
export type { Branding } from './pages/layout.ts'
export type { Theme } from './pages/theme.ts'
export { pageResponse } from './pages/page-response.ts'
export type { GrantAdministration, GrantSummary } from './admin/grant-administration.ts'
export type { RequestParameters } from './requests/request-parameters.ts'
export type { ScopeCatalog } from './requests/scope-catalog.ts'
export type { ServerContext } from './server-context.ts'
export type { EndpointPaths, Urls } from './urls.ts'
export type { Partitions } from './partitions.ts'
