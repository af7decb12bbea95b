import type { Key, Operation } from '@gatewright/storage'
import type { ServerContext } from '../../server-context.ts'
import { isDynamicId } from './client-record.ts'

/** The key of the note that a client is gone; `undefined` for a client that cannot be ended by itself. */
export function endedClientKey(clientId: string | undefined, server: ServerContext): Key | undefined {
  return clientId === undefined || !isDynamicId(clientId)
    ? undefined
    : { partition: server.partitions.client(clientId), collection: 'ended_clients', id: clientId }
}

/** Notes that a client is gone, for as long as a token of it could live: every token of it is dead from then on. */
export function noteEndedClient(clientId: string, now: number, server: ServerContext): readonly Operation[] {
  const key = endedClientKey(clientId, server)
  const { refreshTokenLifetime, accessTokenLifetime } = server.options
  const expiresAt = now + (refreshTokenLifetime + accessTokenLifetime + 300) * 1000
  return key === undefined ? [] : [{ type: 'insert', key, value: { schema: 1 }, expiresAt }]
}
