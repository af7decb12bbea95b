import {
  authorizationCode,
  clientCredentials,
  createAuthorizationServer,
  loginWith,
  password,
  refreshToken,
  registered,
  signingKeys,
  tokenExchange,
} from '@gatewright/authorization-server'
import type { OnEvent } from '@gatewright/core'
import type { Storage } from '@gatewright/storage'
import type { Addresses } from './addresses.ts'
import { clients } from './clients.ts'
import { mintingPolicies } from './minting-policies.ts'
import { scopes } from './scopes.ts'
import type { Settings } from './settings.ts'

// The users of an example. Take an identity provider, or your own table, instead.
const users = new Map([
  ['alice', { password: 'alice-pw', claims: { name: 'Alice Example', email: 'alice@example.com' } }],
])

/** The authorization server: it lets Claude in, and gives the gateway tokens in the user's name. */
export function createAuthorization(settings: Settings, at: Addresses, storage: Storage, onEvent: OnEvent) {
  return createAuthorizationServer({
    issuer: at.issuer,
    productName: 'Identity gateway',
    storage,
    keys: signingKeys({ seal: settings.keySecret }),
    scopes,
    resources: [
      { resource: at.gateway, defaultScopes: ['directory:listUsers', 'ledger:ListAccounts'] },
      { resource: at.directory, scopes: ['directory:listUsers'] },
      { resource: at.ledger, scopes: ['ledger:ListAccounts', 'ledger:Transfer', 'ledger:list'] },
    ],
    clients: [registered(...clients(at, settings.gatewaySecret))],
    grants: [authorizationCode(), refreshToken(), clientCredentials(), tokenExchange()],
    interaction: loginWith(
      password(async (name, secret) => (users.get(name)?.password === secret ? name : undefined)),
    ),
    findUser: async (name) => users.get(name) && { claims: users.get(name)?.claims ?? {} },
    policies: mintingPolicies(settings.clientNetworks),
    accessTokenLifetime: 900,
    onEvent,
  })
}
