import { defaultRuntime, OAuthError } from '@gatewright/core'
import { processRevocationResponse, revocationRequest } from 'oauth4webapi'
import type { AuthorizationServer } from 'oauth4webapi'
import { authorizationUrl, checkAuthorizationParameters } from './authorization-url.ts'
import { checkUrls } from './check-urls.ts'
import { checkMapping } from './claims/claim-mapping.ts'
import type { ClaimMapping } from './claims/claim-mapping.ts'
import { clientAuthentication } from './client-authentication.ts'
import { clientOf, requestOptions } from './connection.ts'
import type { Connection } from './connection.ts'
import { finishLogin } from './finish-login.ts'
import { keySets } from './key-set.ts'
import { loginError } from './login-error.ts'
import { createLogo } from './logo.ts'
import { providerFetch } from './provider-fetch.ts'
import type { Provider } from './provider.ts'
import type { ProviderOptions } from './provider-options.ts'
import { refreshTokens } from './refresh-tokens.ts'
import { startLogin } from './start-login.ts'
import { verifyLogoutToken } from './verify-logout-token.ts'
import type { UpstreamLogout } from './verify-logout-token.ts'

// Servers in the field take eight kilobytes of request line.
const longestHint = 6000

/** What the kinds of providers differ in. */
export interface ProviderKind {
  /** How messages call it. */
  readonly what: string
  readonly options: ProviderOptions & { readonly authorizationUrl?: string }
  readonly scope: string | undefined
  readonly moreUserinfo: Readonly<Record<string, string>>
  readonly defaultClaims: ClaimMapping
  readonly checksIssuer: boolean
  server(): Promise<AuthorizationServer>
}

/** Makes a provider of its kind and its options. @throws {TypeError} when an option is missing or malformed */
export function createProvider({ what, options, defaultClaims, ...kind }: ProviderKind): Provider {
  const { id, displayName = id, logoutUrl, revocationUrl, emailDomains, pkce = true } = options
  const { authorizationParameters = {}, singleLogout = false, runtime = defaultRuntime } = options
  if (typeof id !== 'string' || id === '') throw new TypeError(`${what}: id is missing`)
  checkUrls(what, {}, { logoutUrl, revocationUrl })
  checkAuthorizationParameters(what, authorizationParameters, options.authorizationUrl)
  const mapping = { ...defaultClaims, ...options.claims }
  checkMapping(what, mapping)
  const authentication = clientAuthentication(options, what)
  const logo = createLogo(what, options, runtime)
  // Last: where a runtime needs an own fetch, that is not what is said of a provider that is configured wrongly.
  const send = providerFetch(options)
  // Anybody may send logout tokens: those with invented key ids must not turn into requests to the provider.
  const logoutKeys = keySets(send, 30)
  const connection: Connection = {
    ...kind,
    id,
    displayName,
    clientId: options.clientId,
    authentication,
    send,
    keys: keySets(send),
    pkce,
    authorizationParameters,
    mapping,
    emailDomains,
    runtime,
  }
  const told = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work
    } catch (thrown) {
      throw loginError(thrown, displayName)
    }
  }

  return {
    id,
    displayName,
    logo,
    singleLogout,
    async prepare() {
      const { end_session_endpoint: known } = await connection.server()
      if (singleLogout && (logoutUrl ?? known) === undefined)
        throw new TypeError(`${what}: singleLogout needs logoutUrl, the provider itself names no such place`)
    },
    start: (login) => told(startLogin(login, connection)),
    finish: (parameters, pending) => told(finishLogin(parameters, pending, connection)),
    refresh: (tokens) => refreshTokens(tokens, connection),
    revoke: ({ refreshToken, accessToken }) =>
      told(revokeToken(refreshToken ?? accessToken, revocationUrl, connection)),
    async logoutUrl({ idToken, postLogoutRedirectUri, state } = {}) {
      const endpoint = logoutUrl ?? (await told(connection.server())).end_session_endpoint
      if (endpoint === undefined) return undefined
      return authorizationUrl(endpoint, {
        client_id: connection.clientId,
        id_token_hint: (idToken?.length ?? 0) > longestHint ? undefined : idToken,
        post_logout_redirect_uri: postLogoutRedirectUri,
        state,
      })
    },
    verifyLogoutToken: (token) => upstreamLogout(token, connection, logoutKeys),
  }
}

async function upstreamLogout(
  token: string,
  { id, clientId, runtime, ...connection }: Connection,
  logoutKeys: ReturnType<typeof keySets>,
): Promise<UpstreamLogout> {
  const { issuer, jwks_uri: uri } = await connection.server()
  if (uri === undefined)
    throw new OAuthError(
      'invalid_request',
      'this provider has no keys that logout tokens could be signed with',
    )
  try {
    const expected = { provider: id, keys: logoutKeys(uri), issuer, clientId, now: runtime.now() }
    return await verifyLogoutToken(token, expected)
  } catch (cause) {
    if (cause instanceof OAuthError) throw cause
    throw new OAuthError('invalid_request', 'the logout token is not valid', { cause })
  }
}

async function revokeToken(
  token: string,
  configured: string | undefined,
  connection: Connection,
): Promise<boolean> {
  const server = await connection.server()
  const endpoint = configured ?? server.revocation_endpoint
  if (endpoint === undefined) return false
  const response = await revocationRequest(
    { ...server, revocation_endpoint: endpoint },
    clientOf(connection),
    connection.authentication,
    token,
    requestOptions(connection),
  )
  await processRevocationResponse(response)
  return true
}
