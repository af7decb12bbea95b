import { sha256Base64url } from '@gatewright/core'
import { listAll } from '../interaction/list-all.ts'
import type { ServerContext } from '../server-context.ts'

const collection = 'used_clients'

/**
 * Notes that a client which nobody registered by hand is in use, until the instant at which its source forgets it.
 *
 * Such clients are listed from their first use on: what strangers register and nobody approves fills no list.
 */
export async function noteUsedClient(
  clientId: string,
  expiresAt: number,
  server: ServerContext,
): Promise<void> {
  const key = { partition: server.partitions.usedClients, collection, id: await sha256Base64url(clientId) }
  const now = server.now()
  const [known] = await server.storage.get([key], now)
  const entry = { key, value: { schema: 1, clientId }, expiresAt }
  // Whoever was first, the entry is there.
  await server.storage.commit(
    [
      known === undefined
        ? { type: 'insert', ...entry }
        : { type: 'replace', revision: known.revision, ...entry },
    ],
    now,
  )
}

/**
 * The ids of the clients in use.
 *
 * @throws {TypeError} when the storage cannot list
 */
export async function listUsedClients(server: ServerContext): Promise<string[]> {
  const now = server.now()
  const partition = server.partitions.usedClients
  const ids = await listAll(server.storage, partition, collection, now)
  const found: string[] = []
  for (let start = 0; start < ids.length; start += 100) {
    const keys = ids.slice(start, start + 100).map((id) => ({ partition, collection, id }))
    for (const entry of await server.storage.get(keys, now))
      if (entry !== undefined) found.push((entry.value as { clientId: string }).clientId)
  }
  return found
}
