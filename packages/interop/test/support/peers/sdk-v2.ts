import { toNodeListener } from '@gatewright/node'
import { createTarget } from '@gatewright-examples/target'
import { readSettings } from '@gatewright-examples/target/settings'
import {
  createMcpHandler,
  getOAuthProtectedResourceMetadataUrl,
  McpServer,
  OAuthError,
  OAuthErrorCode,
  oauthMetadataResponse,
  requireBearerAuth,
  requireScopes,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { listen } from '../listen.ts'
import type { Peer } from './peer.ts'

interface Introspection {
  readonly active?: boolean
  readonly client_id?: string
  readonly scope?: string
  readonly exp?: number
}

/** Lets pages ask the MCP server, which the SDK leaves to the application. */
function withCors(response: Response): Response {
  const headers = new Headers(response.headers)
  headers.set('access-control-allow-origin', '*')
  headers.set('access-control-allow-headers', 'authorization, content-type, mcp-protocol-version')
  headers.set('access-control-expose-headers', 'WWW-Authenticate')
  return new Response(response.body, { status: response.status, headers })
}

/**
 * The server of the SDK's second line, whose tokens come from our own authorization server.
 *
 * @param gated whether its gate stands in front, or only the scopes of the tools are declared
 */
export async function sdkV2(gated: boolean): Promise<Peer> {
  const { origin, stop } = await listen(({ port, origin: here }) => {
    const authorizationServer = createTarget(readSettings({ PORT: String(port) }))
    const resource = new URL('/mcp', here)
    const gate = requireBearerAuth({
      verifier: {
        async verifyAccessToken(token) {
          const body = new URLSearchParams({ token, client_id: 'rs1', client_secret: 'rs1-secret' })
          const response = await globalThis.fetch(`${here}/introspect`, { method: 'POST', body })
          const { active, client_id: clientId, scope, exp } = (await response.json()) as Introspection
          if (active !== true) throw new OAuthError(OAuthErrorCode.InvalidToken, 'not active')
          const expiresAt = exp ?? 0
          return { token, clientId: clientId ?? '', scopes: scope?.split(' ') ?? [], resource, expiresAt }
        },
      },
      resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
    })
    const { fetch } = createMcpHandler(createServer)
    return toNodeListener({
      origin: here,
      async handle(request, context) {
        const { pathname } = new URL(request.url)
        if (pathname.startsWith('/.well-known/oauth-protected-resource'))
          return oauthMetadataResponse(request, {
            oauthMetadata: {
              issuer: here,
              authorization_endpoint: `${here}/authorize`,
              token_endpoint: `${here}/token`,
              response_types_supported: ['code'],
            },
            resourceServerUrl: resource,
            scopesSupported: ['read:application', 'admin:application'],
          })
        if (pathname !== '/mcp') return authorizationServer.handle(request, context)
        if (request.method === 'OPTIONS') return withCors(new Response(null, { status: 204 }))
        if (!gated) return withCors(await fetch(request))
        const authInfo = await gate(request)
        return withCors(authInfo instanceof Response ? authInfo : await fetch(request, { authInfo }))
      },
    })
  })
  return {
    target: {
      resource: `${origin}/mcp`,
      issuer: origin,
      otherResource: `${origin}/mcp2`,
      user: { username: 'alice', password: 'alice-pw' },
      scope: 'read:application',
      tool: { name: 'delete_all', scope: 'admin:application' },
    },
    stop,
  }
}

function createServer(): McpServer {
  const server = new McpServer({ name: 'peer', version: '1.0.0' })
  server.registerTool(
    'delete_all',
    {
      description: 'Deletes',
      inputSchema: z.object({ dry: z.boolean().optional() }),
      scopeChallenge: requireScopes('admin:application'),
    },
    () => ({ content: [{ type: 'text', text: 'deleted' }] }),
  )
  return server
}
