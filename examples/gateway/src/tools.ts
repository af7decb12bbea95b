import type { OnEvent, Runtime } from '@gatewright/core'
import { createToolRegistry } from '@gatewright/mcp'
import { createOpenApiBridge } from '@gatewright/mcp-bridge'
import { createMcpProxy, streamableHttp } from '@gatewright/mcp-proxy'
import { createTokenExchange, exchangedToken, fixedToken } from '@gatewright/token-exchange'
import type { Addresses } from './addresses.ts'
import { callPolicies } from './call-policies.ts'
import { gatewayId } from './clients.ts'
import { scopes } from './scopes.ts'
import { ledgerListToken } from './service-token.ts'
import { directoryDocument } from './upstreams/directory-document.ts'

/** What both upstreams have in one registry, each of them called with a token of five seconds in the user's name. */
export function createTools(at: Addresses, gatewaySecret: string, onEvent: OnEvent, runtime: Runtime) {
  const registry = createToolRegistry({ scopes, policies: callPolicies, onEvent, runtime })
  const exchange = createTokenExchange({
    issuer: at.issuer,
    clientId: gatewayId,
    clientSecret: gatewaySecret,
    onEvent,
  })

  const directory = createOpenApiBridge({
    document: directoryDocument,
    baseUrl: at.directory,
    allowPrivate: true,
    prefix: 'my_api_',
    scopes: { listUsers: ['directory:listUsers'], getUser: ['directory:listUsers'] },
    authorization: exchangedToken(exchange, (call) => ({
      resource: at.directory,
      scopes: call.scopes,
      lifetime: 5,
    })),
  })
  directory.registerIn(registry)

  const ledger = createMcpProxy({
    name: 'ledger',
    endpoint: streamableHttp(at.ledger, { allowPrivate: true }),
    prefix: 'ledger_',
    scopes: { listAccounts: ['ledger:ListAccounts'], transfer: ['ledger:Transfer'] },
    prompts: { review: ['ledger:ListAccounts'] },
    resources: { 'ledger://accounts/{name}': ['ledger:ListAccounts'] },
    authorization: exchangedToken(exchange, (call) => ({
      resource: at.ledger,
      scopes: call.scopes,
      lifetime: 5,
    })),
    listAuthorization: fixedToken(ledgerListToken(at, gatewaySecret)),
  })
  return { registry, ledger }
}
