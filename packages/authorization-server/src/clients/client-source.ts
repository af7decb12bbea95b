import type { Key } from '@gatewright/storage'
import type { ResolvedOptions } from '../options.ts'
import type { ServerContext } from '../server-context.ts'
import type { Client } from './client.ts'
import type { ReadAhead, ReadRecords } from '../requests/read-ahead.ts'
import { createReadAhead } from '../requests/read-ahead.ts'
import { isAdministered, overrideKey, withOverride } from './client-override.ts'
import type { StoredOverride } from './client-override.ts'

/** Who asks for a client, and what for. */
export interface ClientQuery {
  /** `token` is every request that a client makes by itself. */
  readonly purpose: 'authorization' | 'token'
  readonly ip: string | undefined
}

/** Where clients come from. Sources are asked in the order of the option `clients`; the first answer counts. */
export interface ClientSource {
  /** Names the source; two of one name are refused. */
  readonly name: string
  /**
   * The client of an id, or `undefined` when it is not one of this source. A source that asks others for its clients does so
   * only for a query; without one it answers from what it has.
   *
   * @param read reads records of the server's storage; what the request needs besides comes in the same round trip
   */
  find(
    clientId: string,
    server: ServerContext,
    query?: ClientQuery,
    read?: ReadRecords,
  ): Promise<Client | undefined>
  /** Called when a client was used to sign a user in, so that a source can tell used clients from abandoned ones. */
  used?(client: Client, server: ServerContext): Promise<void>
  /** The ids of its clients, for administrators; of those that registered themselves, the ones that a user approved. */
  list?(server: ServerContext): Promise<readonly string[]>
  /** Answers the registration endpoint. The endpoint exists only when a source has this. */
  register?(request: Request, server: ServerContext, ip: string | undefined): Promise<Response>
  /** Answers GET, PUT and DELETE at the registration endpoint, where clients manage their registrations. */
  manage?(request: Request, server: ServerContext, ip: string | undefined): Promise<Response>
  /** What the metadata document says because of this source. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Called once with the options of each server that the source is passed to. Throws a `TypeError` for what cannot work there. */
  check?(options: ResolvedOptions): void
}

/**
 * Asks each source for a client. A client that an administrator has disabled is found by nobody.
 *
 * Whatever source it has, a client takes one round trip at most, and what the request reads later comes with it.
 */
export async function findClient(
  clientId: string,
  server: ServerContext,
  query?: ClientQuery,
  reads: ReadAhead = createReadAhead(server),
): Promise<Client | undefined> {
  let known: Promise<Key> | undefined
  const key = () => (known ??= overrideKey(clientId, server))
  const read: ReadRecords = async (keys) => reads.getWith(keys, [await key()])
  const client = await askSources(clientId, server, query, read)
  if (client === undefined || !isAdministered(client, server)) return client
  const [override] = await reads.getWith([await key()], [])
  return withOverride(client, (override as StoredOverride | undefined)?.value, server.now())
}

/** Asks each source for a client, whatever an administrator has said about it since. */
export function lookUpClient(clientId: string, server: ServerContext): Promise<Client | undefined> {
  return askSources(clientId, server, undefined, (keys) => server.storage.get(keys, server.now()))
}

async function askSources(
  clientId: string,
  server: ServerContext,
  query: ClientQuery | undefined,
  read: ReadRecords,
): Promise<Client | undefined> {
  if (clientId.length > 2048) return undefined
  for (const source of server.options.clients) {
    const client = await source.find(clientId, server, query, read)
    if (client !== undefined) return client
  }
  return undefined
}
