import type { ClientOptions } from '@gatewright/authorization-server'
import type { Addresses } from './addresses.ts'

export const gatewayId = 'ai-identity-gateway'
/** The gateway in its own name: it may read which tools the ledger has, and nothing else. */
export const listerId = 'ai-identity-gateway-lister'

/** Claude, and the gateway itself. Nobody else can register. */
export function clients(
  { gateway, directory, ledger }: Addresses,
  gatewaySecret: string,
): readonly ClientOptions[] {
  return [
    {
      client_id: 'claude-public',
      client_name: 'Claude',
      redirect_uris: [
        // claude.ai and the web connectors of Claude Desktop
        'https://claude.ai/api/mcp/auth_callback',
        'https://claude.com/api/mcp/auth_callback',
        // Claude Code with --callback-port
        'http://localhost:29352/callback',
        // Claude Desktop through mcp-remote, on any port
        'http://localhost:*/oauth/callback',
      ],
      // Never a token for what is behind the gateway: Claude could then go around it.
      resources: [gateway],
      scopes: ['directory:listUsers', 'ledger:ListAccounts', 'ledger:Transfer'],
    },
    {
      client_id: gatewayId,
      client_secret: gatewaySecret,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      serves: [gateway],
      exchangeFor: [directory, ledger],
      // A token of an upstream serves one call.
      accessTokenLifetime: 5,
    },
    {
      client_id: listerId,
      client_secret: gatewaySecret,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'],
      scopes: ['ledger:list'],
      resources: [ledger],
    },
  ]
}
