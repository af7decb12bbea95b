import { sha256Base64url } from '@gatewright/core'
import type { Key, Revision } from '@gatewright/storage'
import { requestParameters } from '../requests/request-parameters.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ResolvedRequest } from '../requests/request-source.ts'
import type { ServerContext } from '../server-context.ts'

interface PushedRequestRecord {
  readonly schema: 1
  readonly clientId: string
  readonly entries: readonly (readonly [string, string])[]
  readonly sources: readonly string[]
  readonly instance?: string
}

/** A pushed request that waits for the browser. */
export interface StoredPushedRequest {
  readonly clientId: string
  readonly parameters: RequestParameters
  readonly sources: readonly string[]
  readonly instance: string | undefined
  readonly key: Key
  readonly revision: Revision
}

const prefix = 'urn:ietf:params:oauth:request_uri:'

/** The handle in a `request_uri` of this server, or `undefined` when it is none. */
export function parseReference(requestUri: string | undefined): string | undefined {
  if (requestUri?.startsWith(prefix) !== true) return undefined
  const handle = requestUri.slice(prefix.length)
  return /^[\w-]{43}$/.test(handle) ? handle : undefined
}

async function keyOf(handle: string, server: ServerContext): Promise<Key> {
  const id = await sha256Base64url(handle)
  return { partition: server.partitions.pendingRequest(id), collection: 'pushed_requests', id }
}

/** Stores a request and gives the `request_uri` that stands for it. */
export async function storePushedRequest(
  clientId: string,
  { parameters, sources, instance }: ResolvedRequest,
  expiresAt: number,
  now: number,
  server: ServerContext,
): Promise<string> {
  const handle = server.secret()
  const value = {
    schema: 1,
    clientId,
    entries: parameters.entries,
    sources,
    ...(instance === undefined ? {} : { instance }),
  }
  const stored = await server.storage.commit(
    [{ type: 'insert', key: await keyOf(handle, server), value, expiresAt }],
    now,
  )
  if (!stored) throw new Error('a new handle is already taken: the random source repeats itself')
  return prefix + handle
}

/** The pushed request of a handle. */
export async function findPushedRequest(
  handle: string,
  now: number,
  server: ServerContext,
): Promise<StoredPushedRequest | undefined> {
  const key = await keyOf(handle, server)
  const [stored] = await server.storage.get([key], now)
  if (stored === undefined) return undefined
  const { clientId, entries, sources, instance } = stored.value as PushedRequestRecord
  return {
    clientId,
    parameters: requestParameters(entries),
    sources,
    instance,
    key,
    revision: stored.revision,
  }
}

/** Takes a pushed request away. Of several who do so at once, one gets `true`. */
export function consumePushedRequest(
  { key, revision }: StoredPushedRequest,
  now: number,
  server: ServerContext,
): Promise<boolean> {
  return server.storage.commit([{ type: 'delete', key, revision }], now)
}
