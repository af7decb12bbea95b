import type { TokenPolicy } from '@gatewright/core'
import { scopeSubset, sourceIp, when } from '@gatewright/policy'
import { gatewayId, listerId } from './clients.ts'

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** When tokens are minted: asked at every issuance, refresh and exchange included. */
export function mintingPolicies(clientNetworks: readonly string[]): readonly TokenPolicy[] {
  return [
    when({ client: 'claude-public' }, sourceIp([...clientNetworks])),
    when({ client: [gatewayId, listerId] }, sourceIp(['127.0.0.0/8', '::1'])),
    when(
      { grantType: exchange },
      scopeSubset(['directory:listUsers', 'ledger:ListAccounts', 'ledger:Transfer']),
    ),
  ]
}
