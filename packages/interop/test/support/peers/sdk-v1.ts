import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthRouter,
} from '@modelcontextprotocol/sdk/server/auth/router.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import express from 'express'
import type { RequestHandler } from 'express'
import { z } from 'zod'
import { listen } from '../listen.ts'
import { createMemoryProvider } from './memory-provider.ts'
import type { Peer } from './peer.ts'

/** Lets pages ask the MCP server, which the SDK leaves to the application. */
const cors: RequestHandler = (request, response, next) => {
  response.set({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'authorization, content-type, mcp-protocol-version',
    'access-control-expose-headers': 'WWW-Authenticate',
  })
  if (request.method === 'OPTIONS') response.sendStatus(204)
  else next()
}

const limits = { rateLimit: false } as const

/** The router and the gate of the SDK's first line, as its documentation has them, with the limits of rate taken off. */
export async function sdkV1(issuerPath = ''): Promise<Peer> {
  const { origin, stop } = await listen(({ origin: here }) => {
    const resource = new URL('/mcp', here)
    const issuerUrl = new URL(`${here}${issuerPath}`)
    const { provider, login } = createMemoryProvider(resource, issuerUrl.href)
    const app = express().disable('x-powered-by')
    app.use(
      mcpAuthRouter({
        provider,
        issuerUrl,
        resourceServerUrl: resource,
        scopesSupported: ['read', 'admin'],
        authorizationOptions: limits,
        tokenOptions: limits,
        clientRegistrationOptions: limits,
        revocationOptions: limits,
      }),
    )
    app.post('/login', express.urlencoded({ extended: false }), login)
    app.use('/mcp', cors)
    app.all(
      '/mcp',
      requireBearerAuth({
        verifier: provider,
        resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
        expectedResource: resource,
      }),
      express.json(),
      // oxlint-disable-next-line no-async-endpoint-handlers -- Express 5 awaits it
      async (request, response) => {
        const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
        await createServer().connect(transport)
        await transport.handleRequest(request, response, request.body)
      },
    )
    return app
  })
  return {
    target: {
      resource: `${origin}/mcp`,
      // As the SDK writes it.
      issuer: new URL(`${origin}${issuerPath}`).href,
      user: { username: 'alice', password: 'alice-pw' },
      scope: 'read',
      tool: { name: 'delete_all', scope: 'admin' },
    },
    stop,
  }
}

function createServer(): McpServer {
  const server = new McpServer({ name: 'peer', version: '1.0.0' })
  server.registerTool(
    'delete_all',
    { description: 'Deletes', inputSchema: { dry: z.boolean().optional() } },
    (_input, { authInfo }) =>
      authInfo?.scopes.includes('admin') === true
        ? { content: [{ type: 'text', text: 'deleted' }] }
        : { isError: true, content: [{ type: 'text', text: 'insufficient scope' }] },
  )
  return server
}
