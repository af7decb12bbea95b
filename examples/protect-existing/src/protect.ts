import type { RequestHandler } from '@gatewright/core'
import { mcpServer } from '@gatewright/mcp/server'
import { createResourceServer, tokenProfiles } from '@gatewright/resource-server'
import { scopes } from './scopes.ts'
import type { Settings } from './settings.ts'
import { createTools } from './tools.ts'

/**
 * The MCP server and its gate. It knows the authorization server by its URL alone: keys and endpoints come from the metadata there,
 * and clients find it through the metadata here.
 */
export function protect({ issuer, resource, profile }: Settings): RequestHandler {
  const resourceServer = createResourceServer({
    issuer,
    resource,
    scopes,
    challengeScopes: ['read:orders'],
    // Where the tokens of the issuer differ from RFC 9068 §2.
    ...(profile === undefined ? {} : { tokens: tokenProfiles[profile] }),
  })
  return mcpServer({ registry: createTools(), resourceServer, name: 'orders', version: '1.0.0' })
}
