import {
  createAuthorizationServer,
  dynamicRegistration,
  loginWith,
  password,
  signingKeys,
} from '@gatewright/authorization-server'
import { composeHandlers } from '@gatewright/core'
import { mcpServer } from '@gatewright/mcp/server'
import { createResourceServer } from '@gatewright/resource-server'
import { scopes } from './scopes.ts'
import { readSettings } from './settings.ts'
import { openStorage } from './storage.ts'
import { tools } from './tools.ts'
import { checkPassword, findUser } from './users.ts'

/** What the program is run with. */
export const settings = readSettings(process.env)

const issuer = settings.publicUrl
/** The URL to give to applications. */
export const resource = `${issuer}/mcp`

/** Logs users in, asks for their consent, and issues tokens. */
export const authorizationServer = createAuthorizationServer({
  issuer,
  productName: '{{name}}',
  storage: openStorage(),
  keys: signingKeys({ seal: settings.keySecret }),
  scopes,
  resources: [{ resource, defaultScopes: ['read:notes'] }],
  clients: [dynamicRegistration({ mode: 'open' })],
  interaction: loginWith(password(checkPassword)),
  findUser,
})

/** Verifies the tokens, and answers requests that have none. */
const resourceServer = createResourceServer({
  issuer,
  resource,
  scopes,
  challengeScopes: ['read:notes'],
  jwks: authorizationServer.jwks,
  isRevoked: authorizationServer.isRevoked,
})

const mcp = mcpServer({ registry: tools, resourceServer, name: '{{name}}', version: '1.0.0' })

/** Both, ready to be mounted. */
export const handler = composeHandlers(authorizationServer, mcp)
