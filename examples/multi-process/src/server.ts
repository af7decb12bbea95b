import {
  createAuthorizationServer,
  dynamicRegistration,
  loginWith,
  password,
  signingKeys,
} from '@gatewright/authorization-server'
import { composeHandlers, defineScopes } from '@gatewright/core'
import type { RequestHandler } from '@gatewright/core'
import { createToolRegistry, json } from '@gatewright/mcp'
import { mcpServer } from '@gatewright/mcp/server'
import { createResourceServer } from '@gatewright/resource-server'
import type { Listing, Storage } from '@gatewright/storage'
import type { Settings } from './settings.ts'

const scopes = defineScopes({ 'see:process': 'See which process answers' })

/** What every process serves. Nothing in it is written for several of them: what they share is the storage and the secret. */
export function createServer({ publicUrl, keySecret }: Settings, storage: Storage & Listing): RequestHandler {
  const issuer = publicUrl
  const resource = `${issuer}/mcp`
  const authorizationServer = createAuthorizationServer({
    issuer,
    productName: 'Several processes',
    storage,
    keys: signingKeys({ seal: keySecret }),
    scopes,
    resources: [{ resource }],
    clients: [dynamicRegistration({ mode: 'open' })],
    // The users of an example. Take your own instead.
    interaction: loginWith(password(async (name, secret) => (secret === `${name}-pw` ? name : undefined))),
    findUser: async (name) => ({ claims: { name } }),
  })
  const tools = createToolRegistry({ scopes }).register(
    'which_process',
    { description: 'Says which process answers', scopes: ['see:process'] },
    () => json({ pid: process.pid }),
  )
  const resourceServer = createResourceServer({
    issuer,
    resource,
    scopes,
    jwks: authorizationServer.jwks,
    // One read of the shared storage: what one process revokes, no other accepts.
    isRevoked: authorizationServer.isRevoked,
  })
  const mcp = mcpServer({ registry: tools, resourceServer, name: 'processes', version: '1.0.0' })
  return composeHandlers(authorizationServer, mcp)
}
