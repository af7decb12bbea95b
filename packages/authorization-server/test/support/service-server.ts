import {
  authorizationCode,
  clientCredentials,
  dynamicRegistration,
  refreshToken,
  registered,
} from '@gatewright/authorization-server'
import type { AuthorizationServerOptions } from '@gatewright/authorization-server'
import { redirectUri } from './flow.ts'
import { mcp, otherResource, testServer } from './test-server.ts'

/** Basic credentials of a service. */
export const as = (client: string) => `${client}:${client}-secret`

const service = (id: string, scopes: readonly string[]) => ({
  client_id: id,
  client_secret: `${id}-secret`,
  grant_types: ['client_credentials'],
  scopes,
})

/** A server that also has clients which act for themselves, and resource servers that introspect. */
export function serviceServer(overrides: Partial<AuthorizationServerOptions> = {}) {
  return testServer({
    clients: [
      registered(
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        { client_id: 'rp', client_secret: 'rp-secret', redirect_uris: [redirectUri] },
        service('svc', ['read:application']),
        service('writer', ['write:application']),
        { ...service('bound', ['read:application']), resources: [mcp] },
        { client_id: 'rs1', client_secret: 'rs1-secret', grant_types: [], serves: [mcp] },
        { client_id: 'rs2', client_secret: 'rs2-secret', grant_types: [], serves: [otherResource] },
      ),
      dynamicRegistration({ mode: 'open' }),
    ],
    grants: [authorizationCode(), refreshToken(), clientCredentials()],
    ...overrides,
  })
}
