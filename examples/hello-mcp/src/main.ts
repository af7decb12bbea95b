import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import {
  createAuthorizationServer,
  dynamicRegistration,
  loginWith,
  password,
  signingKeys,
} from '@gatewright/authorization-server'
import { composeHandlers, defineScopes } from '@gatewright/core'
import { createToolRegistry, text } from '@gatewright/mcp'
import { mcpServer } from '@gatewright/mcp/server'
import { toNodeListener } from '@gatewright/node'
import { createResourceServer } from '@gatewright/resource-server'
import { createMemoryStorage } from '@gatewright/storage'
import { z } from 'zod'

const port = Number(process.env['PORT'] ?? 3000)
const issuer = `http://localhost:${port}`
const resource = `${issuer}/mcp`
const scopes = defineScopes({ greet: 'Greet people in your name' })

// Who may sign in. A new password each start, because there is nothing to keep it in.
const secret = randomBytes(6).toString('base64url')

const authorizationServer = createAuthorizationServer({
  issuer,
  productName: 'Hello',
  storage: createMemoryStorage(),
  keys: signingKeys({ seal: randomBytes(32).toString('base64url') }),
  scopes,
  resources: [{ resource }],
  clients: [dynamicRegistration({ mode: 'open' })],
  interaction: loginWith(password(async (name, typed) => (typed === secret ? name : undefined))),
})

const tools = createToolRegistry({ scopes }).register(
  'hello',
  { description: 'Greets somebody', scopes: ['greet'], input: z.object({ name: z.string() }) },
  async ({ name }, { subject }) => text(`Hello ${name}, says ${subject}`),
)

const { jwks, isRevoked } = authorizationServer
const resourceServer = createResourceServer({ issuer, resource, scopes, jwks, isRevoked })
const mcp = mcpServer({ registry: tools, resourceServer, name: 'hello', version: '1.0.0' })

createServer(toNodeListener(composeHandlers(authorizationServer, mcp))).listen(port, 'localhost', () => {
  console.log(`MCP server at ${resource}\nSign in with any name and the password ${secret}`)
})
