/** Name of the group that stands first on the page of a module. */
export const first = 'You are probably looking for this'

/**
 * Groups of the API reference, by module. What is in no group stands below them by its kind. Of a module that is not listed, the
 * functions are the first group. A name that a module does not export fails the build.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>}
 */
export const groups = {
  '@gatewright/authorization-server': {
    [first]: [
      'createAuthorizationServer',
      'AuthorizationServerOptions',
      'AuthorizationServer',
      'signingKeys',
      'registered',
      'ClientOptions',
      'dynamicRegistration',
      'metadataDocuments',
      'loginWith',
      'password',
      'User',
    ],
    'Grant types': [
      'authorizationCode',
      'refreshToken',
      'clientCredentials',
      'deviceCode',
      'ciba',
      'tokenExchange',
      'jwtBearer',
      'idTokens',
      'trustedTokens',
    ],
    'Known clients': ['claude', 'claudeCode', 'chatGpt', 'cursor', 'visualStudioCode', 'casdoorPaths'],
    'Ways to send a request': ['pushedRequests', 'requestObjects'],
    'Ways to authenticate a client': [
      'none',
      'clientSecretBasic',
      'clientSecretPost',
      'privateKeyJwt',
      'hashClientSecret',
    ],
    Endpoints: ['revocation', 'introspection', 'userinfo', 'endSession', 'account', 'providerLogins'],
    'Only what you need': [
      'composeAuthorizationServer',
      'ServerComposition',
      'ServerSettings',
      'ServerParts',
    ],
    'Keys and tokens': ['externalKeys', 'importSigner', 'ClaimsOptions', 'AccessTokenFormat', 'RateLimits'],
    Administration: [
      'GrantAdministration',
      'UserAdministration',
      'ClientAdministration',
      'AuthenticationRequests',
      'RegisteredClients',
    ],
    Pages: [
      'PageOptions',
      'Theme',
      'Language',
      'english',
      'spanish',
      'chinese',
      'html',
      'layout',
      'loginPage',
      'consentPage',
      'accountPage',
      'deviceCodePage',
      'deviceDonePage',
      'logoutPage',
      'signedOutPage',
      'errorPage',
      'pageResponse',
    ],
    'To write a part of your own': [
      'GrantType',
      'ClientSource',
      'ClientAuthenticationMethod',
      'Endpoint',
      'RequestSource',
      'AuthorizationDetailType',
      'ServerContext',
    ],
  },
  '@gatewright/cli': { [first]: ['examine', 'createProbe', 'knownClients'] },
  '@gatewright/core': {
    [first]: [
      'defineScopes',
      'composeHandlers',
      'OAuthError',
      'OnEvent',
      'GatewrightEvent',
      'RequestHandler',
      'TokenPolicy',
      'CallPolicy',
    ],
    'To bring a login of your own': ['Interaction', 'AuthorizationRequest', 'Visit', 'Subject', 'Approval'],
    'To run elsewhere': ['Runtime', 'defaultRuntime', 'RequestContext', 'Signer'],
    'To fetch what strangers name': ['guardedFetch', 'addressKind', 'readAtMost'],
  },
  '@gatewright/dpop': { [first]: ['createDpopKey', 'createDpopVerifier'] },
  '@gatewright/express': { [first]: ['mount', 'MountOptions'] },
  '@gatewright/fastify': { [first]: ['mount', 'MountOptions'] },
  '@gatewright/hono': { [first]: ['mount', 'MountOptions'] },
  '@gatewright/mcp': {
    [first]: ['createToolRegistry', 'ToolRegistry', 'ToolOptions', 'Caller', 'text', 'json', 'failure'],
    'Resources and prompts': ['ResourceOptions', 'PromptOptions', 'promptText'],
    'State that outlives a call': ['createHandles', 'createUserLinks', 'createRequestStates'],
  },
  '@gatewright/mcp/sdk': { [first]: ['mcpServer', 'McpServerOptions'] },
  '@gatewright/mcp-bridge': { [first]: ['createOpenApiBridge', 'OpenApiBridgeOptions', 'fetchOpenApi'] },
  '@gatewright/mcp-proxy': {
    [first]: ['createMcpProxy', 'McpProxyOptions', 'streamableHttp'],
  },
  '@gatewright/node': { [first]: ['toNodeListener', 'NodeListenerOptions', 'clientAddress'] },
  '@gatewright/policy': {
    [first]: ['when', 'sourceIp', 'timeWindow', 'scopeSubset', 'anyOf', 'allOf', 'opa', 'explain'],
  },
  '@gatewright/provider': {
    [first]: ['oidcProvider', 'customProvider', 'presets', 'linkAccounts', 'ProviderOptions'],
    'After the login': ['createUpstreamTokens', 'backchannelLogout', 'identityKey'],
  },
  '@gatewright/redirect-uri': {
    [first]: ['matchRedirectUri', 'createRedirectUriMatcher', 'checkRedirectUri'],
  },
  '@gatewright/resource-server': {
    [first]: [
      'createResourceServer',
      'ResourceServerOptions',
      'ResourceServer',
      'tokenProfiles',
      'introspection',
      'toAuthInfo',
    ],
  },
  '@gatewright/storage': {
    [first]: ['createMemoryStorage', 'Storage', 'createReplayStore', 'createCounter', 'isStorageError'],
    'To write a driver': [
      'verifyInstant',
      'verifyKeyPart',
      'verifyKeys',
      'verifyLimit',
      'verifyOperations',
      'encodeValue',
      'createRevision',
    ],
  },
  '@gatewright/token-exchange': {
    [first]: [
      'createTokenExchange',
      'exchangedToken',
      'fixedToken',
      'fixedHeader',
      'storedToken',
      'noCredential',
    ],
  },
}
