import { sha256Base64url } from '@gatewright/core'
import type { Key, Stored } from '@gatewright/storage'
import type { RequestedAccess } from '../requests/requested-access.ts'
import type { ServerContext } from '../server-context.ts'
import { createUserCode } from './user-code.ts'

/** What a device asks for, and what became of it. Only its hash names the device code. */
export interface DeviceRequest {
  readonly schema: 1
  readonly clientId: string
  readonly requestedScope: string
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  /** Thumbprint of the key of the client's instance that asks, where that was proven. */
  readonly instance?: string
  readonly state: 'pending' | 'approved' | 'denied'
  /** Who entered the user code, and in which session; nobody else can approve. */
  readonly enteredBy?: { readonly subject: string; readonly sessionId: string }
  /** The grant that the approval made. */
  readonly grantId?: string
  /** When the codes end, in milliseconds. The record stays for a while longer, so that the device can be told. */
  readonly expiresAt: number
}

/** A device's request as it was read, with the hash of its device code. */
export interface StoredDeviceRequest extends Stored<DeviceRequest> {
  readonly deviceId: string
}

/** A device's request that has just been stored. */
export interface NewDeviceRequest {
  readonly deviceCode: string
  readonly userCode: string
}

const collection = 'device_codes'
// RFC 8628 §3.5: a device that still asks learns that its code has expired.
const afterlife = 600_000
const userCodeAttempts = 5

const deviceKey = (deviceId: string, server: ServerContext): Key => ({
  partition: server.partitions.deviceCode(deviceId),
  collection,
  id: deviceId,
})

async function userCodeKey(userCode: string, server: ServerContext): Promise<Key> {
  const id = await sha256Base64url(userCode)
  return { partition: server.partitions.userCode(id), collection: 'user_codes', id }
}

/** Stores a device's request. The user code points to it and is written first: a pointer to nothing is harmless. */
export async function createDeviceRequest(
  access: RequestedAccess & Pick<DeviceRequest, 'clientId' | 'requestedScope' | 'instance'>,
  lifetime: number,
  now: number,
  server: ServerContext,
): Promise<NewDeviceRequest> {
  const { clientId, requestedScope, scopes, resources, instance } = access
  const expiresAt = now + lifetime * 1000
  const deviceCode = server.secret()
  const deviceId = await sha256Base64url(deviceCode)
  for (let attempt = 0; attempt < userCodeAttempts; attempt++) {
    const userCode = createUserCode(server.runtime)
    const key = await userCodeKey(userCode, server)
    // Of so few codes one may be taken; the insert then fails.
    if (
      !(await server.storage.commit(
        [{ type: 'insert', key, value: { schema: 1, deviceId }, expiresAt }],
        now,
      ))
    )
      continue
    const request = { schema: 1, clientId, requestedScope, scopes, resources, state: 'pending', expiresAt }
    const value = { ...request, ...(instance === undefined ? {} : { instance }) }
    const stored = { key: deviceKey(deviceId, server), value, expiresAt: expiresAt + afterlife }
    if (!(await server.storage.commit([{ type: 'insert', ...stored }], now))) break
    return { deviceCode, userCode }
  }
  throw new Error('no user code or device code is free: the random source repeats itself')
}

/** The request of a device code. */
export async function findDeviceRequest(
  deviceId: string,
  now: number,
  server: ServerContext,
): Promise<StoredDeviceRequest | undefined> {
  const [stored] = await server.storage.get([deviceKey(deviceId, server)], now)
  return stored === undefined ? undefined : { ...(stored as Stored<DeviceRequest>), deviceId }
}

/** The request that a user code stands for. */
export async function findByUserCode(
  userCode: string,
  now: number,
  server: ServerContext,
): Promise<StoredDeviceRequest | undefined> {
  const [pointer] = await server.storage.get([await userCodeKey(userCode, server)], now)
  if (pointer === undefined) return undefined
  return findDeviceRequest((pointer.value as { deviceId: string }).deviceId, now, server)
}

/** Changes a request. `false` when somebody else was first. */
export function changeDeviceRequest(
  { key, revision, value, expiresAt }: StoredDeviceRequest,
  change: Partial<DeviceRequest>,
  now: number,
  server: ServerContext,
): Promise<boolean> {
  const changed = { ...value, ...change }
  const storedUntil = Math.max(expiresAt ?? 0, changed.expiresAt + afterlife)
  return server.storage.commit(
    [{ type: 'replace', key, revision, value: changed, expiresAt: storedUntil }],
    now,
  )
}
