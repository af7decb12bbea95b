import {
  createAuthorizationServer,
  dynamicRegistration,
  loginWith,
  password,
  registered,
  signingKeys,
} from '@gatewright/authorization-server'
import type { AuthorizationServer } from '@gatewright/authorization-server'
import { composeHandlers } from '@gatewright/core'
import type { OnEvent, RequestHandler } from '@gatewright/core'
import { mcpServer } from '@gatewright/mcp/server'
import { createResourceServer } from '@gatewright/resource-server'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import type Database from 'libsql'
import { connectionGuide, desktopClientId } from './connection-guide.ts'
import { openDirectory } from './directory.ts'
import { homePage } from './home-page.ts'
import { isPassword } from './passwords.ts'
import { scopes } from './scopes.ts'
import type { Settings } from './settings.ts'
import { createTools } from './tools.ts'

/** The whole application, ready to be mounted. */
export interface ApplicationAdmin {
  readonly handler: RequestHandler
  readonly authorizationServer: AuthorizationServer
}

/** Puts the authorization server, the MCP server and the home page together on one database. */
export function createApplicationAdmin(
  settings: Settings,
  database: Database.Database,
  secret: string,
  onEvent?: OnEvent,
): ApplicationAdmin {
  const directory = openDirectory(database)
  const issuer = settings.publicUrl
  const resource = issuer + settings.mcpPath
  const events = onEvent === undefined ? {} : { onEvent }

  const authorizationServer = createAuthorizationServer({
    issuer,
    productName: settings.productName,
    storage: createSqliteStorage({ database }),
    keys: signingKeys({ seal: secret }),
    scopes,
    resources: [{ resource, defaultScopes: ['read:application'] }],
    clients: [
      registered({
        client_id: desktopClientId,
        client_name: 'Claude Desktop',
        redirect_uris: ['127.0.0.1', 'localhost'].flatMap((host) => [
          `http://${host}:*/callback`,
          `http://${host}:*/oauth/callback`,
        ]),
      }),
      dynamicRegistration({ mode: 'open' }),
    ],
    interaction: loginWith(
      password(async (name, secret) =>
        (await isPassword(secret, directory.passwordHash(name))) ? name : undefined,
      ),
    ),
    findUser: async (name) => {
      const user = directory.user({ id: `my-org/${name}` })
      return user && { claims: { name: user.displayName, preferred_username: user.name, email: user.email } }
    },
    ...events,
  })

  const resourceServer = createResourceServer({
    issuer,
    resource,
    scopes,
    challengeScopes: ['read:application'],
    // Both halves run in one process, so nothing needs to travel: keys and revocation are asked directly.
    jwks: authorizationServer.jwks,
    isRevoked: authorizationServer.isRevoked,
    ...events,
  })

  const mcp = mcpServer({
    registry: createTools(directory, onEvent),
    resourceServer,
    name: settings.productName,
    version: '1.0.0',
  })
  const home = homePage(settings, connectionGuide(settings))
  return { handler: composeHandlers(authorizationServer, mcp, home), authorizationServer }
}
