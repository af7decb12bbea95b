import { commonMetadata } from '../bench/clients.ts'

/** How real clients register, as they were seen to. Each of these has been refused by some server. */
export const registrations = {
  'Claude Code': {
    ...commonMetadata,
    client_name: 'Claude Code (testkit)',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  },
  Claude: {
    ...commonMetadata,
    client_name: 'Claude',
    redirect_uris: ['https://claude.ai/api/mcp/auth_callback'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
    token_endpoint_auth_method: 'client_secret_post',
  },
  ChatGPT: {
    ...commonMetadata,
    client_name: 'ChatGPT',
    redirect_uris: ['https://chatgpt.com/connector_platform_oauth_redirect'],
    token_endpoint_auth_method: 'none',
    token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
  },
  Cursor: {
    ...commonMetadata,
    client_name: 'Cursor',
    redirect_uris: [
      'cursor://anysphere.cursor-mcp/oauth/callback',
      'https://www.cursor.com/agents/mcp/oauth/callback',
      'http://localhost:8787/callback',
    ],
    token_endpoint_auth_method: 'none',
  },
  'VS Code': {
    ...commonMetadata,
    client_name: 'Visual Studio Code',
    client_uri: 'https://code.visualstudio.com',
    grant_types: [
      'authorization_code',
      'refresh_token',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:example:of-the-future',
    ],
    redirect_uris: [
      'https://insiders.vscode.dev/redirect',
      'https://vscode.dev/redirect',
      'http://127.0.0.1/',
      'http://127.0.0.1:33418/',
    ],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  },
  'mcp-remote': {
    ...commonMetadata,
    client_name: 'MCP CLI Proxy',
    client_uri: 'https://github.com/modelcontextprotocol/mcp-cli',
    software_id: '2e6dc280-f3c3-4e01-99a7-8181dbd1d23d',
    software_version: '0.15.1',
    redirect_uris: ['http://localhost:3335/oauth/callback'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  },
  mcporter: {
    ...commonMetadata,
    client_name: 'mcporter',
    redirect_uris: ['http://127.0.0.1:38417/callback'],
    token_endpoint_auth_method: 'none',
  },
} as const

/** A client whose registration is known. */
export type RealClient = keyof typeof registrations
