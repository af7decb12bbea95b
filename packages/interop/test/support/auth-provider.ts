import type { OAuthClientProvider as ProviderV2 } from '@modelcontextprotocol/client'
import type { OAuthClientProvider as ProviderV1 } from '@modelcontextprotocol/sdk/client/auth.js'

/** What a client of either line remembers; it fits both. */
export interface AuthProvider {
  readonly forV1: ProviderV1
  readonly forV2: ProviderV2
  readonly state: AuthState
  /** The authorization URL that the client wants the browser to open, taken once. */
  takeAuthorizationUrl(): URL
}

/** The credentials of a client, as the SDK stores them. */
export interface AuthState {
  client?: { client_id: string; client_secret?: string; issuer?: string } | undefined
  tokens?: SavedTokens | undefined
  discovery?: Parameters<NonNullable<ProviderV2['saveDiscoveryState']>>[0] | undefined
}

interface SavedTokens {
  access_token: string
  token_type: string
  refresh_token?: string
  scope?: string
  issuer?: string
}

/** What the client says about itself. */
export interface AuthProviderOptions {
  readonly redirectUri?: string
  /** Whether the client wants refresh tokens. @default true */
  readonly refresh?: boolean
  /** A client that was registered beforehand, and with whom. */
  readonly registered?: { readonly client_id: string; readonly issuer: string }
}

/** An auth provider as a desktop application has one, kept in memory. */
export function createAuthProvider({
  redirectUri = 'http://127.0.0.1:53682/callback',
  refresh = true,
  registered,
}: AuthProviderOptions = {}): AuthProvider {
  const state: AuthState = { client: registered }
  let verifier = ''
  let authorizationUrl: URL | undefined
  const shared = {
    redirectUrl: redirectUri,
    clientMetadata: {
      client_name: 'Interop client',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', ...(refresh ? ['refresh_token'] : [])],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    saveCodeVerifier: (saved: string) => void (verifier = saved),
    codeVerifier: () => verifier,
    redirectToAuthorization: (url: URL) => void (authorizationUrl = url),
    invalidateCredentials(scope: string) {
      if (scope === 'all' || scope === 'tokens') state.tokens = undefined
      if ((scope === 'all' || scope === 'client') && registered === undefined) state.client = undefined
    },
  }
  const forV1: ProviderV1 = {
    ...shared,
    clientInformation: () => state.client,
    saveClientInformation: (saved) => void (state.client = saved as AuthState['client']),
    tokens: () => state.tokens,
    saveTokens: (saved) => void (state.tokens = saved as AuthState['tokens']),
  }
  const forV2: ProviderV2 = {
    ...shared,
    clientInformation: () => state.client,
    saveClientInformation: (saved) => void (state.client = saved as AuthState['client']),
    tokens: () => state.tokens,
    saveTokens: (saved) => void (state.tokens = saved as AuthState['tokens']),
    // Ties the answer of the authorization server to the server that was discovered before it.
    discoveryState: () => state.discovery,
    saveDiscoveryState: (saved) => void (state.discovery = saved),
  }
  return {
    forV1,
    forV2,
    state,
    takeAuthorizationUrl() {
      if (authorizationUrl === undefined) throw new Error('the client did not ask for authorization')
      const url = authorizationUrl
      authorizationUrl = undefined
      return url
    },
  }
}
