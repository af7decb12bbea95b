import * as oauth from 'oauth4webapi'
import type { Addresses } from './addresses.ts'
import { listerId } from './clients.ts'

/** A token in the gateway's own name, with which it reads which tools the ledger has. */
export function ledgerListToken({ issuer, ledger }: Addresses, gatewaySecret: string): () => Promise<string> {
  const server = { issuer, token_endpoint: `${issuer}/token` }
  const client = { client_id: listerId }
  let known: { readonly token: string; readonly until: number } | undefined
  return async () => {
    if (known !== undefined && known.until > Date.now()) return known.token
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      oauth.ClientSecretBasic(gatewaySecret),
      { scope: 'ledger:list', resource: ledger },
      { [oauth.allowInsecureRequests]: true },
    )
    const { access_token: token, expires_in: lifetime = 0 } = await oauth.processClientCredentialsResponse(
      server,
      client,
      response,
    )
    known = { token, until: Date.now() + lifetime * 800 }
    return token
  }
}
