import { composeHandlers, defaultRuntime, type OnEvent, type Runtime } from '@gatewright/core'
import { mount } from '@gatewright/fastify'
import { mcpServer } from '@gatewright/mcp/server'
import { createResourceServer } from '@gatewright/resource-server'
import type { Storage } from '@gatewright/storage'
import { fastify } from 'fastify'
import { addresses } from './addresses.ts'
import { createAuthorization } from './authorization.ts'
import { scopes } from './scopes.ts'
import type { Settings } from './settings.ts'
import { createTools } from './tools.ts'

/** A gateway that listens. */
export interface Gateway {
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts the gateway: the authorization server and the gate on one origin, with the tools of both upstreams behind it.
 *
 * @param runtime the clock of the policies for calls
 * @throws {TypeError} when the stored signing keys cannot be opened with the secret of the settings
 */
export async function startGateway(
  settings: Settings,
  storage: Storage,
  onEvent: OnEvent,
  runtime: Runtime = defaultRuntime,
): Promise<Gateway> {
  const at = addresses(settings)
  const authorizationServer = createAuthorization(settings, at, storage, onEvent)
  // Keys that another secret has sealed must not wait for the first login to show.
  await authorizationServer.jwks()
  const resourceServer = createResourceServer({
    issuer: at.issuer,
    resource: at.gateway,
    scopes,
    challengeScopes: ['directory:listUsers', 'ledger:ListAccounts'],
    // Claude Code asks for all that stands here. The scope in which the gateway reads the ledger's list is nobody else's.
    scopesSupported: ['directory:listUsers', 'ledger:ListAccounts', 'ledger:Transfer'],
    jwks: authorizationServer.jwks,
    isRevoked: authorizationServer.isRevoked,
    onEvent,
  })
  const { registry, ledger } = createTools(at, settings.gatewaySecret, onEvent, runtime)
  const mcp = mcpServer({ registry, resourceServer, name: 'identity-gateway', version: '1.0.0' })

  const app = fastify()
  app.register(
    mount(composeHandlers(authorizationServer, mcp), { trustedProxies: [...settings.trustedProxies] }),
  )
  app.get('/', () => 'The MCP server is at /mcp.\n')
  await app.listen({ port: settings.port, host: '127.0.0.1' })
  // After listening: the gateway gets its own tokens from the server that has just started.
  await ledger.registerIn(registry)
  return {
    url: at.gateway,
    async close() {
      await ledger.close()
      await app.close()
    },
  }
}
