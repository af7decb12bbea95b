import type { ClientOptions } from './registered.ts'

/** A known client without its id: what it is called and where it wants its answers. Data, to be spread into {@link ClientOptions}. */
export type ClientPreset = Omit<ClientOptions, 'client_id'>

/**
 * Claude on the web, on phones and in its desktop application: one hosted client.
 *
 * @example
 * ```ts
 * const clients = registered({ client_id: 'claude', ...claude, scopes: ['read:application'] })
 * ```
 */
export const claude: ClientPreset = {
  client_name: 'Claude',
  redirect_uris: ['https://claude.ai/api/mcp/auth_callback', 'https://claude.com/api/mcp/auth_callback'],
}

/** Claude Code, which listens on a port of its own choice, or on the one given by `--callback-port`. */
export const claudeCode: ClientPreset = {
  client_name: 'Claude Code',
  redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
}

/** ChatGPT with the redirect URI that it uses where the authorization response names its issuer, as it does here. */
export const chatGpt: ClientPreset = {
  client_name: 'ChatGPT',
  redirect_uris: ['https://chatgpt.com/connector_platform_oauth_redirect'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks_uri: 'https://chatgpt.com/oauth/jwks.json',
  assertionAudience: 'token_endpoint',
}

/** Visual Studio Code, which asks for another port when its usual one is taken. */
export const visualStudioCode: ClientPreset = {
  client_name: 'Visual Studio Code',
  redirect_uris: ['http://127.0.0.1/', 'https://vscode.dev/redirect', 'https://insiders.vscode.dev/redirect'],
}

/** Cursor: its desktop application, its web agents, and its command line. */
export const cursor: ClientPreset = {
  client_name: 'Cursor',
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
