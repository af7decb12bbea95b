import { sha256Base64url } from '@gatewright/core'
import type { Json, Key } from '@gatewright/storage'
import type { ReadRecords } from '../../requests/read-ahead.ts'
import type { ServerContext } from '../../server-context.ts'
import type { ClientMetadata } from '../client-metadata.ts'

/** The last good copy of a metadata document. */
export interface DocumentCopy {
  readonly schema: 1
  readonly metadata: ClientMetadata
  /** When it was fetched, in milliseconds. */
  readonly fetchedAt: number
  /** Until when it is used without asking again, in milliseconds. */
  readonly freshUntil: number
}

/** A copy with the end of its record, in milliseconds. */
export interface KeptCopy {
  readonly copy: DocumentCopy
  readonly expiresAt: number
}

async function keyOf(clientId: string, server: ServerContext): Promise<Key> {
  const hash = await sha256Base64url(clientId)
  return { partition: server.partitions.client(hash), collection: 'client_documents', id: hash }
}

/** Reads the copy that any process of the server fetched last. */
export async function readCopy(
  clientId: string,
  server: ServerContext,
  read: ReadRecords = (keys) => server.storage.get(keys, server.now()),
): Promise<KeptCopy | undefined> {
  const [stored] = await read([await keyOf(clientId, server)])
  return stored === undefined
    ? undefined
    : { copy: stored.value as DocumentCopy, expiresAt: stored.expiresAt ?? Infinity }
}

/** Keeps a copy, or keeps the one that is there for longer. A later copy is never replaced by an earlier one. */
export async function keepCopy(
  clientId: string,
  { copy, expiresAt }: KeptCopy,
  server: ServerContext,
): Promise<void> {
  const key = await keyOf(clientId, server)
  const now = server.now()
  const value = JSON.parse(JSON.stringify(copy)) as Json
  for (let round = 0; round < 5; round++) {
    const [stored] = await server.storage.get([key], now)
    if (stored === undefined) {
      if (await server.storage.commit([{ type: 'insert', key, value, expiresAt }], now)) return
      continue
    }
    const known = stored.value as DocumentCopy
    const next = {
      key,
      revision: stored.revision,
      value: known.fetchedAt > copy.fetchedAt ? (stored.value as Json) : value,
      expiresAt: Math.max(expiresAt, stored.expiresAt ?? expiresAt),
    }
    if (await server.storage.commit([{ type: 'replace', ...next }], now)) return
  }
}
