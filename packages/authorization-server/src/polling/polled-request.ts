import { formatScope, sha256Base64url } from '@gatewright/core'
import type { Key, Operation, Stored } from '@gatewright/storage'
import type { AuthenticatedClient } from '../client-authentication/authenticated-client.ts'
import { createCode, createGrantId, grantIdOfCode } from '../grants/token-formats.ts'
import type { RequestedAccess } from '../requests/requested-access.ts'
import type { ServerContext } from '../server-context.ts'
import type { PolledKind } from './polled-kind.ts'

/** The only user who can answer a request, and the only session where that matters. */
export interface Answerer {
  readonly subject: string
  readonly sessionId?: string
}

/** What a client asks for, and what became of it. Only its hash names the code that the client has. */
export interface PolledRequest {
  readonly schema: 1
  readonly clientId: string
  readonly requestedScope: string
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  /** Thumbprint of the key of the client's instance that asks, where that was proven. */
  readonly instance?: string
  readonly state: 'pending' | 'approved' | 'denied'
  readonly answerer?: Answerer
  /** When the code ends, in milliseconds. The record stays for a while longer, so that the client can be told. */
  readonly expiresAt: number
}

/** Where a request is: beside the grant that it will lead to, so that both can change in one commit. */
export interface PolledReference {
  readonly grantId: string
  /** Hash of the code. */
  readonly id: string
}

/** A request as it was read. */
export interface StoredPolledRequest extends Stored<PolledRequest> {
  readonly reference: PolledReference
}

// RFC 8628 §3.5: a client that still asks learns that its code has expired.
const afterlife = 600_000

/** A new code, and the place of its request. */
export async function newPolledCode(
  server: ServerContext,
): Promise<{ readonly code: string; readonly reference: PolledReference }> {
  const grantId = createGrantId(server.runtime)
  const code = createCode(grantId, server.secret())
  return { code, reference: { grantId, id: await sha256Base64url(code) } }
}

/** The place of the request that a code claims to belong to, or `undefined` when it cannot be a code of ours. */
export async function referenceOf(code: string): Promise<PolledReference | undefined> {
  const grantId = grantIdOfCode(code)
  return grantId === undefined ? undefined : { grantId, id: await sha256Base64url(code) }
}

/** The key of a request. */
export function polledKey(
  { collection }: PolledKind,
  { grantId, id }: PolledReference,
  server: ServerContext,
): Key {
  return server.grants.key(grantId, collection, id)
}

/** A request that waits for its user. */
export function polledRequest(
  { client_id: clientId, instance }: AuthenticatedClient,
  { requested, scopes, resources }: RequestedAccess,
  expiresAt: number,
): PolledRequest {
  return {
    schema: 1,
    clientId,
    requestedScope: formatScope(requested),
    scopes,
    resources,
    ...(instance === undefined ? {} : { instance }),
    state: 'pending',
    expiresAt,
  }
}

/** Stores a new request. @throws {Error} when its place is taken */
export async function storePolledRequest(
  kind: PolledKind,
  reference: PolledReference,
  request: PolledRequest,
  now: number,
  server: ServerContext,
): Promise<void> {
  const operation: Operation = {
    type: 'insert',
    key: polledKey(kind, reference, server),
    value: { ...request },
    expiresAt: request.expiresAt + afterlife,
  }
  if (!(await server.storage.commit([operation], now)))
    throw new Error('a new code is already taken: the random source repeats itself')
}

/** The request at a place. */
export async function findPolledRequest(
  kind: PolledKind,
  reference: PolledReference,
  now: number,
  server: ServerContext,
): Promise<StoredPolledRequest | undefined> {
  const [stored] = await server.storage.get([polledKey(kind, reference, server)], now)
  return stored === undefined ? undefined : { ...(stored as Stored<PolledRequest>), reference }
}

/** Whether a request still waits for its answer. */
export function isOpen({ value }: StoredPolledRequest, now: number): boolean {
  return value.state === 'pending' && value.expiresAt > now
}

/** The change of a request, for a commit that fails when somebody else was first. */
export function polledChange(
  { key, revision, value, expiresAt }: StoredPolledRequest,
  change: Partial<PolledRequest>,
): Operation {
  const changed = { ...value, ...change }
  const storedUntil = Math.max(expiresAt ?? 0, changed.expiresAt + afterlife)
  return { type: 'replace', key, revision, value: changed, expiresAt: storedUntil }
}
