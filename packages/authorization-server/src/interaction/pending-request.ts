import type { AuthorizationDetail } from '@gatewright/core'
import { sha256Base64url } from '@gatewright/core'
import { createVault } from '@gatewright/storage/vault'
import type { Key, Revision } from '@gatewright/storage'
import type { ResponseMode } from '../requests/response-mode.ts'
import type { ServerContext } from '../server-context.ts'

/** Milliseconds that a user has for login and consent. */
export const pendingRequestLifetime = 600_000

/** What every wait for a user has in common. */
export interface PendingLogin {
  readonly schema: 1
  /** Who goes on with it: `authorize`, `visit`, or an endpoint of that name. */
  readonly purpose: string
  /** A login from before this instant does not count; in milliseconds. */
  readonly authenticatedAfter?: number | undefined
  /** Whether no page may be shown. */
  readonly promptNone?: boolean | undefined
  readonly expiresAt: number
}

/** A visit to one of the server's own pages that waits for the login. */
export interface PendingVisit extends PendingLogin {
  readonly purpose: 'visit'
  /** Name of the endpoint that the page is at. */
  readonly endpoint: string
  /** The query that it was opened with. */
  readonly query: string
}

/** What a client asks a user for. What is stored here wins over anything that a page sends back. */
export interface PendingApproval extends PendingLogin {
  readonly clientId: string
  /** Absent when the client fetches the answer and nothing is redirected. */
  readonly redirectUri?: string | undefined
  /** The code that the device shows. */
  readonly userCode?: string | undefined
  /** What the client shows where a request was started that the user answers elsewhere. */
  readonly bindingMessage?: string | undefined
  /** The scopes that the client asked for. */
  readonly requestedScope: string
  /** Those of them that the client and the resources allow. */
  readonly scopes: readonly string[]
  readonly resources: readonly string[]
  /** The authorization details that the client asked for; already checked. */
  readonly details?: readonly AuthorizationDetail[] | undefined
  /** Whether the client wants the user to be asked, whatever was allowed before. */
  readonly promptConsent?: boolean | undefined
  readonly loginHint?: string | undefined
  readonly acrValues?: readonly string[] | undefined
  readonly uiLocales?: readonly string[] | undefined
  readonly providerHint?: string | undefined
  /** What the user approved before the login at a provider, with who logged in there. */
  readonly approved?: { readonly subject: string; readonly scopes: readonly string[] } | undefined
}

/** An authorization request that waits for the user. */
export interface PendingRequest extends PendingApproval {
  readonly purpose: 'authorize'
  readonly redirectUri: string
  readonly redirectUriSent: boolean
  readonly responseMode?: ResponseMode | undefined
  readonly state?: string | undefined
  readonly challenge?: string | undefined
  readonly nonce?: string | undefined
  /** Thumbprint of the key that the code will be bound to. */
  readonly jkt?: string | undefined
  /** Thumbprint of the key of the client's instance that the code will be bound to. */
  readonly instance?: string | undefined
}

/** A pending request with the handle that the browser knows it by. */
export interface OpenRequest<R extends PendingLogin = PendingLogin> {
  readonly handle: string
  readonly request: R
  /** Absent while the request is not stored: it was just made, and no page has been shown yet. */
  readonly revision?: Revision
}

async function keyOf(handle: string, server: ServerContext): Promise<Key> {
  const id = await sha256Base64url(handle)
  return { partition: server.partitions.pendingRequest(id), collection: 'pending_requests', id }
}

const context = 'pending request'

/** Sealed under the handle, which is stored nowhere: a stolen table shows neither the code of a device nor who asks for what. */
async function seal(handle: string, request: PendingLogin): Promise<{ schema: 1; sealed: string }> {
  return { schema: 1, sealed: await createVault({ secrets: handle }).seal(JSON.stringify(request), context) }
}

/** Stores a request, so that the browser can come back to it. */
export async function storePendingRequest(
  { handle, request }: OpenRequest,
  now: number,
  server: ServerContext,
): Promise<void> {
  const value = await seal(handle, request)
  await server.storage.commit(
    [{ type: 'insert', key: await keyOf(handle, server), value, expiresAt: request.expiresAt }],
    now,
  )
}

/** Notes the approval that a user gave before logging in. When somebody else was first, the user is asked again. */
export async function noteApproval(
  { handle, request, revision }: OpenRequest,
  subject: string,
  scopes: readonly string[],
  now: number,
  server: ServerContext,
): Promise<void> {
  if (revision === undefined) return
  const approved = { ...request, approved: { subject, scopes } }
  const key = await keyOf(handle, server)
  const value = await seal(handle, approved)
  const { expiresAt } = request
  await server.storage.commit([{ type: 'replace', key, revision, value, expiresAt }], now)
}

/** The pending request of a handle, or `undefined` when it lapsed, was answered or never was. */
export async function findPendingRequest(
  handle: string,
  now: number,
  server: ServerContext,
): Promise<OpenRequest | undefined> {
  if (!/^[\w-]{43}$/.test(handle)) return undefined
  const [stored] = await server.storage.get([await keyOf(handle, server)], now)
  if (stored === undefined) return undefined
  const { sealed } = stored.value as { sealed: string }
  const request = JSON.parse(await createVault({ secrets: handle }).open(sealed, context)) as PendingLogin
  return { handle, request, revision: stored.revision }
}

/** Takes the request away, exactly once: of two answers at the same time one gets `true`. */
export async function consumePendingRequest(
  { handle, revision }: OpenRequest,
  now: number,
  server: ServerContext,
): Promise<boolean> {
  if (revision === undefined) return true
  return server.storage.commit([{ type: 'delete', key: await keyOf(handle, server), revision }], now)
}
