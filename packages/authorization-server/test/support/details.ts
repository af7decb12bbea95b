import {
  authorizationCode,
  clientCredentials,
  deviceCode,
  pushedRequests,
  refreshToken,
  registered,
} from '@gatewright/authorization-server'
import type { AuthorizationDetailType, AuthorizationServerOptions } from '@gatewright/authorization-server'
import { as } from './service-server.ts'
import { deviceGrant } from './device.ts'
import { post } from './flow.ts'
import { mcp, otherResource, testServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'

/** A payment of at most 100, of which carol may make none and bob half. */
export const payment: AuthorizationDetailType = {
  name: 'payment',
  fields: ['amount', 'to', 'locations'],
  validate: ({ amount, to }) =>
    typeof amount === 'number' && amount <= 100 && typeof to === 'string'
      ? undefined
      : 'amount or to is missing',
  describe: ({ amount, to }) => `Pay ${String(amount)} to ${String(to)}`,
  grant(detail, { subject }) {
    if (subject === 'carol') return undefined
    return subject === 'bob' ? { ...detail, amount: Number(detail['amount']) / 2 } : detail
  },
}

export function detailsServer(overrides: Partial<AuthorizationServerOptions> = {}) {
  return testServer({
    resources: [{ resource: mcp }, { resource: otherResource }],
    authorizationDetails: [payment],
    clients: [
      registered(
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        { client_id: 'rs1', client_secret: 'rs1-secret', grant_types: [], serves: [mcp] },
        { client_id: 'tv', grant_types: [deviceGrant] },
        {
          client_id: 'svc',
          client_secret: 'svc-secret',
          grant_types: ['client_credentials'],
          scopes: ['read:application'],
        },
        { client_id: 'once', redirect_uris: ['https://app.example.com/cb'], consent: 'once' },
        { client_id: 'never', redirect_uris: ['https://app.example.com/cb'], consent: 'never' },
      ),
    ],
    grants: [authorizationCode(), refreshToken(), clientCredentials(), deviceCode()],
    requestSources: [pushedRequests()],
    ...overrides,
  })
}

export const pay = (amount: number, to: string, more: object = {}) => ({
  type: 'payment',
  amount,
  to,
  ...more,
})

/** The parameter for some details. */
export const asking = (...details: readonly unknown[]) => ({ authorization_details: JSON.stringify(details) })

/** What introspection says of a token. */
export async function introspected(test: TestServer, token: string | undefined) {
  const { json } = await post(test, '/introspect', { token }, { basic: as('rs1') })
  return (json as Record<string, unknown>)['authorization_details']
}
