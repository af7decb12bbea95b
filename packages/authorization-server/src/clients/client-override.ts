import type { Json, Key, Operation, Stored } from '@gatewright/storage'
import { constantTimeEqual, sha256Base64url } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import type { Client } from './client.ts'

/** What an administrator has said about a client since its source described it. */
export interface ClientOverride {
  readonly schema: 1
  readonly disabled: boolean
  /** The secrets since they were last rotated. */
  readonly secrets?: RotatedSecrets
}

/** The secrets of a client in place of those that its source names. */
export interface RotatedSecrets {
  /** The hashes that they replace: when the source names others, those are newer and count. */
  readonly instead: readonly string[]
  /** The active ones; `until` is when one ends, in milliseconds, and absent for the newest. */
  readonly active: readonly { readonly hash: string; readonly until?: number }[]
}

/** An override as it was read. */
export type StoredOverride = Stored<ClientOverride>

/** Whether an administrator can change the client at run time: those that nobody vouches for always. */
export function isAdministered({ verified }: Client, { options }: ServerContext): boolean {
  return !verified || options.administerRegistered
}

/** The client as it is after the override; `undefined` when it is disabled. */
export function withOverride(
  client: Client,
  override: ClientOverride | undefined,
  now: number,
): Client | undefined {
  if (override?.disabled === true) return undefined
  const { secrets } = override ?? {}
  if (secrets === undefined || !replaces(secrets, client)) return client
  const secretHashes = activeSecrets(client, override, now).map(({ hash }) => hash)
  return { ...client, secretHashes, secretsExpireAt: undefined }
}

/** The active secrets of a client with their ends. */
export function activeSecrets(
  client: Pick<Client, 'secretHashes' | 'secretsExpireAt'>,
  override: ClientOverride | undefined,
  now: number,
): RotatedSecrets['active'] {
  const { secrets } = override ?? {}
  const until = client.secretsExpireAt
  const named = client.secretHashes.map((hash) => (until === undefined ? { hash } : { hash, until }))
  const known = secrets !== undefined && replaces(secrets, client) ? secrets.active : named
  return known.filter((secret) => (secret.until ?? Infinity) > now)
}

/** Reads what an administrator has said about a client. */
export async function readOverride(
  clientId: string,
  server: ServerContext,
): Promise<StoredOverride | undefined> {
  const [stored] = await server.storage.get([await overrideKey(clientId, server)], server.now())
  return stored as StoredOverride | undefined
}

/** Writes it where nobody else has written since it was read. It stays when the client goes: an id can come back. */
export async function commitOverride(
  clientId: string,
  before: StoredOverride | undefined,
  override: ClientOverride,
  server: ServerContext,
): Promise<boolean> {
  const key = await overrideKey(clientId, server)
  const value = override as unknown as Json
  const operation: Operation =
    before === undefined
      ? { type: 'insert', key, value, expiresAt: null }
      : { type: 'replace', key, revision: before.revision, value, expiresAt: null }
  return server.storage.commit([operation], server.now())
}

/** The key of what an administrator has said about a client. */
export async function overrideKey(clientId: string, server: ServerContext): Promise<Key> {
  // An id may be a URL of any length.
  const hash = await sha256Base64url(clientId)
  return { partition: server.partitions.client(hash), collection: 'client_overrides', id: hash }
}

function replaces({ instead }: RotatedSecrets, { secretHashes }: Pick<Client, 'secretHashes'>): boolean {
  return (
    instead.length === secretHashes.length &&
    instead.every((hash, index) => constantTimeEqual(hash, secretHashes[index] ?? ''))
  )
}
