import { sha256Base64url } from '@gatewright/core'
import type { Key } from '@gatewright/storage'
import { findPolledRequest } from '../polling/polled-request.ts'
import type { PolledReference, StoredPolledRequest } from '../polling/polled-request.ts'
import type { ServerContext } from '../server-context.ts'
import { deviceKind } from './device-kind.ts'
import { createUserCode } from './user-code.ts'

const attempts = 5

async function keyOf(userCode: string, server: ServerContext): Promise<Key> {
  const id = await sha256Base64url(userCode)
  return { partition: server.partitions.userCode(id), collection: 'user_codes', id }
}

/** Stores a new user code that points to a request. It is written before the request: a pointer to nothing is harmless. */
export async function storeUserCode(
  reference: PolledReference,
  expiresAt: number,
  now: number,
  server: ServerContext,
): Promise<string> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const userCode = createUserCode(server.runtime)
    const key = await keyOf(userCode, server)
    const value = { schema: 1, ...reference }
    // Of so few codes one may be taken; the insert then fails.
    if (await server.storage.commit([{ type: 'insert', key, value, expiresAt }], now)) return userCode
  }
  throw new Error('no user code is free: the random source repeats itself')
}

/** The request that a user code stands for. */
export async function findByUserCode(
  userCode: string,
  now: number,
  server: ServerContext,
): Promise<StoredPolledRequest | undefined> {
  const [pointer] = await server.storage.get([await keyOf(userCode, server)], now)
  if (pointer === undefined) return undefined
  const { grantId, id } = pointer.value as PolledReference
  return findPolledRequest(deviceKind, { grantId, id }, now, server)
}
