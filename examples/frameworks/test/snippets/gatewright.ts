import {
  createAuthorizationServer,
  dynamicRegistration,
  loginWith,
  metadataDocuments,
  password,
  signingKeys,
} from '@gatewright/authorization-server'
import { composeHandlers, defineScopes } from '@gatewright/core'
import { createToolRegistry, text } from '@gatewright/mcp'
import { mcpServer } from '@gatewright/mcp/server'
import { createResourceServer } from '@gatewright/resource-server'
import type { Storage } from '@gatewright/storage'
import { z } from 'zod'
import { users } from './users.ts'

/** Everything that Gatewright answers, for one public URL. */
export function createHandler(
  issuer: string,
  storage: Storage,
  seal: string,
  clientUrls: { readonly fetch?: typeof fetch } = {},
) {
  const resource = `${issuer}/mcp`
  const scopes = defineScopes({ greet: 'Greet people in your name' })
  const server = createAuthorizationServer({
    issuer,
    scopes,
    storage,
    clientUrls,
    keys: signingKeys({ seal }),
    resources: [{ resource }],
    clients: [metadataDocuments(), dynamicRegistration({ mode: 'open' })],
    interaction: loginWith(password((name, secret) => users.check(name, secret))),
  })
  const registry = createToolRegistry({ scopes }).register(
    'hello',
    { description: 'Greets somebody', scopes: ['greet'], input: z.object({ name: z.string() }) },
    ({ name }) => text(`Hello ${name}`),
  )
  const { jwks, isRevoked } = server
  const resourceServer = createResourceServer({ issuer, resource, scopes, jwks, isRevoked })
  return composeHandlers(server, mcpServer({ registry, resourceServer, name: 'hello', version: '1.0.0' }))
}
