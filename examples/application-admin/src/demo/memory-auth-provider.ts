import type {
  OAuthDiscoveryState,
  OAuthClientProvider,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client'

/** What a client remembers between its requests, kept in memory. */
export interface MemoryAuthProvider extends OAuthClientProvider {
  tokens(): StoredOAuthTokens | undefined
  clientInformation(): StoredOAuthClientInformation | undefined
  /** The authorization URL that the client wants the browser to open, taken once. */
  takeAuthorizationUrl(): URL
}

/** The callback of the demo's client. Nobody listens there: the headless browser stops before it. */
const redirectUri = 'http://127.0.0.1:53682/callback'

/** An auth provider as a desktop application has one, for the official MCP client. */
export function createMemoryAuthProvider(): MemoryAuthProvider {
  let client: StoredOAuthClientInformation | undefined
  let tokens: StoredOAuthTokens | undefined
  let verifier = ''
  let discovery: OAuthDiscoveryState | undefined
  let authorizationUrl: URL | undefined
  return {
    redirectUrl: redirectUri,
    clientMetadata: {
      client_name: 'Demo Client',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => client,
    saveClientInformation: (information) => void (client = information),
    tokens: () => tokens,
    saveTokens: (saved) => void (tokens = saved),
    codeVerifier: () => verifier,
    saveCodeVerifier: (saved) => void (verifier = saved),
    // Ties the answer of the authorization server to the server that was discovered before it.
    discoveryState: () => discovery,
    saveDiscoveryState: (state) => void (discovery = state),
    redirectToAuthorization: (url) => void (authorizationUrl = url),
    invalidateCredentials: (scope) => {
      if (scope === 'all' || scope === 'tokens') tokens = undefined
      if (scope === 'all' || scope === 'client') client = undefined
    },
    takeAuthorizationUrl() {
      if (authorizationUrl === undefined) throw new Error('the client did not ask for authorization')
      const url = authorizationUrl
      authorizationUrl = undefined
      return url
    },
  }
}
