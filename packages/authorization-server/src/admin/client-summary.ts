import { clientGroups } from '../clients/client.ts'
import type { Client } from '../clients/client.ts'
import { activeSecrets, isAdministered, readOverride } from '../clients/client-override.ts'
import type { ServerContext } from '../server-context.ts'

/** A client as an administrator sees it. */
export interface ClientSummary {
  readonly clientId: string
  readonly clientName?: string
  /** What the operator calls it. */
  readonly clientKind?: string
  /** The groups that the operator put it in. */
  readonly clientTags?: readonly string[]
  /** Whether the operator registered it; otherwise it says about itself whatever it likes. */
  readonly verified: boolean
  readonly disabled: boolean
  /** How it proves who it is: `none` for a public client. */
  readonly authentication: string
  readonly grantTypes: readonly string[]
  readonly redirectUris: readonly string[]
  /** The scopes that it may be granted. Absent: every scope of the resource. */
  readonly scopes?: readonly string[]
  /** How many secrets it can use now. */
  readonly secrets: number
  /** When it is forgotten unless it is used, in milliseconds. Absent: never. */
  readonly expiresAt?: number
}

/** A client with what an administrator has said about it. */
export async function summarizeClient(client: Client, server: ServerContext): Promise<ClientSummary> {
  const override = isAdministered(client, server)
    ? (await readOverride(client.client_id, server))?.value
    : undefined
  const { client_name: clientName, scopes, expiresAt } = client
  return {
    clientId: client.client_id,
    ...(clientName === undefined ? {} : { clientName }),
    ...clientGroups(client),
    verified: client.verified,
    disabled: override?.disabled === true,
    authentication: client.authenticationMethods[0],
    grantTypes: client.grant_types,
    redirectUris: client.redirect_uris,
    ...(scopes === undefined ? {} : { scopes }),
    secrets: activeSecrets(client, override, server.now()).length,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}
