import type { ClientOptions } from './client-options.ts'

/** A known client without its id: what it is, where it wants its answers, and how long its tokens should live. Data, to be spread into {@link ClientOptions}. */
export type ClientPreset = Omit<ClientOptions, 'client_id'>

/**
 * Claude on the web, on phones and in its desktop application: one hosted client.
 *
 * A user who disconnects it there does not revoke its tokens here. So an access token lives for a quarter of an hour, and a refresh
 * token that nobody uses for a day.
 *
 * @example
 * ```ts
 * const clients = registered({ client_id: 'claude', ...claude, scopes: ['read:application'] })
 * ```
 */
export const claude: ClientPreset = {
  client_name: 'Claude',
  kind: 'agent',
  tags: ['mcp'],
  accessTokenLifetime: 900,
  refreshTokenIdleLifetime: 86_400,
  redirect_uris: ['https://claude.ai/api/mcp/auth_callback', 'https://claude.com/api/mcp/auth_callback'],
}

/** Claude Code, which listens on a port of its own choice, or on the one given by `--callback-port`. */
export const claudeCode: ClientPreset = {
  client_name: 'Claude Code',
  kind: 'agent',
  tags: ['mcp'],
  redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
}

/** ChatGPT with the redirect URI that it uses where the authorization response names its issuer, as it does here. */
export const chatGpt: ClientPreset = {
  client_name: 'ChatGPT',
  kind: 'agent',
  tags: ['mcp'],
  redirect_uris: ['https://chatgpt.com/connector_platform_oauth_redirect'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks_uri: 'https://chatgpt.com/oauth/jwks.json',
  assertionAudience: 'token_endpoint',
}

/** Visual Studio Code, which asks for another port when its usual one is taken. */
export const visualStudioCode: ClientPreset = {
  client_name: 'Visual Studio Code',
  kind: 'editor',
  tags: ['mcp'],
  redirect_uris: ['http://127.0.0.1/', 'https://vscode.dev/redirect', 'https://insiders.vscode.dev/redirect'],
}

/** Cursor: its desktop application, its web agents, and its command line. */
export const cursor: ClientPreset = {
  client_name: 'Cursor',
  kind: 'editor',
  tags: ['mcp'],
  redirect_uris: [
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'https://www.cursor.com/agents/mcp/oauth/callback',
    'http://localhost:8787/callback',
  ],
  allowedSchemes: ['cursor'],
}

/** Where Casdoor has its endpoints, for the option `paths`, so that its clients keep their URLs. Userinfo is where its wiki clients ask. */
export const casdoorPaths = {
  authorization: '/login/oauth/authorize',
  token: '/api/login/oauth/access_token',
  introspection: '/api/login/oauth/introspect',
  userinfo: '/api/get-account',
} as const
