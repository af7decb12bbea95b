import type { ServerContext } from '../server-context.ts'
import type { Client } from './client.ts'

/** Where clients come from. Sources are asked in the order of the option `clients`; the first answer counts. */
export interface ClientSource {
  /** Names the source; two of one name are refused. */
  readonly name: string
  /** The client of an id, or `undefined` when it is not one of this source. */
  find(clientId: string, server: ServerContext): Promise<Client | undefined>
  /** Called when a client was used to sign a user in, so that a source can tell used clients from abandoned ones. */
  used?(client: Client, server: ServerContext): Promise<void>
  /** Answers the registration endpoint. The endpoint exists only when a source has this. */
  register?(request: Request, server: ServerContext, ip: string | undefined): Promise<Response>
}

/** Asks each source for a client. */
export async function findClient(clientId: string, server: ServerContext): Promise<Client | undefined> {
  if (clientId.length > 2048) return undefined
  for (const source of server.options.clients) {
    const client = await source.find(clientId, server)
    if (client !== undefined) return client
  }
  return undefined
}
