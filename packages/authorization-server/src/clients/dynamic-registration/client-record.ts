import type { Json, Key, Stored } from '@gatewright/storage'
import type { ReadRecords } from '../../requests/read-ahead.ts'
import type { ServerContext } from '../../server-context.ts'
import type { ClientMetadata } from '../client-metadata.ts'
import type { Client } from '../client.ts'
import { selfRegisteredClient } from '../self-registration.ts'

/** A client that registered itself, as it is stored. */
export interface ClientRecord {
  readonly schema: 1
  readonly metadata: ClientMetadata
  readonly authenticationMethods: readonly [string, ...string[]]
  /** SHA-256 of the secret. */
  readonly secretHash?: string
  /** SHA-256 of the registration access token, where clients manage themselves. */
  readonly managementHash?: string
  /** In seconds, as it is sent. */
  readonly issuedAt: number
}

/** A record as it was read. */
export type StoredClient = Stored<ClientRecord>

/** Whether an id is of the form that this server gives to clients that register themselves. */
export function isDynamicId(clientId: string): boolean {
  return /^[\w-]{22}$/.test(clientId)
}

/** The key of a client's record. */
export function clientKey(clientId: string, server: ServerContext): Key {
  return { partition: server.partitions.client(clientId), collection: 'clients', id: clientId }
}

/** Reads a client that registered itself. */
export async function readClient(
  clientId: string,
  server: ServerContext,
  read: ReadRecords = (keys) => server.storage.get(keys, server.now()),
): Promise<StoredClient | undefined> {
  if (!isDynamicId(clientId)) return undefined
  const [stored] = await read([clientKey(clientId, server)])
  return stored as StoredClient | undefined
}

/** The stored form of a record: members that are `undefined` are left out. */
export function toStored(record: ClientRecord): Json {
  return JSON.parse(JSON.stringify(record)) as Json
}

/** The client that a record describes. */
export function toClient(clientId: string, stored: StoredClient, allowedSchemes: readonly string[]): Client {
  const { metadata, secretHash, authenticationMethods } = stored.value
  return selfRegisteredClient(clientId, metadata, {
    authenticationMethods,
    secretHashes: secretHash === undefined ? [] : [secretHash],
    expiresAt: stored.expiresAt ?? undefined,
    allowedSchemes,
  })
}
