import type { AuthorizationDetail } from '@gatewright/core'
import { clientGroups } from '../clients/client.ts'
import { findClient } from '../clients/client-source.ts'
import type { GrantIndexEntry, StoredGrant } from '../grants/grant-store.ts'
import { isGrantId } from '../grants/token-formats.ts'
import { listAll } from '../interaction/list-all.ts'
import { forgetConsent } from '../interaction/remembered-consent.ts'
import type { ServerContext } from '../server-context.ts'

/** A grant as an administrator or its user sees it. */
export interface GrantSummary {
  readonly grantId: string
  readonly clientId: string
  /** What the operator calls the client now. */
  readonly clientKind?: string
  /** The groups that the operator has the client in now. */
  readonly clientTags?: readonly string[]
  readonly subject: string
  readonly scope: string
  /** What was granted beyond scopes. */
  readonly authorizationDetails?: readonly AuthorizationDetail[]
  readonly resources: readonly string[]
  /** Id of the provider that vouched for the user; absent for a login here. */
  readonly provider?: string
  /** The session in which it was approved, by its `sid`. */
  readonly sid?: string
  /** Milliseconds. */
  readonly createdAt: number
  /** When tokens were last issued, in milliseconds; absent while the code has not been redeemed. */
  readonly lastUsedAt?: number
}

/** Which grants: those of a user, of a client, or of a session of a user. */
export type GrantSelection =
  | { readonly subject: string; readonly clientId?: string; readonly sid?: string }
  | { readonly clientId: string; readonly subject?: undefined; readonly sid?: undefined }

/** Lists and ends what users approved. These are functions: protecting whoever calls them is the caller's job. */
export interface GrantAdministration {
  /**
   * The live grants of a selection, newest first.
   *
   * @throws {TypeError} when the storage cannot list
   */
  list(selection: GrantSelection): Promise<GrantSummary[]>
  /** Ends a grant and all its tokens at once, and forgets the user's consent. `false` when there was none of that id and subject. */
  revoke(grantId: string, of: { readonly subject: string }): Promise<boolean>
  /**
   * Ends all grants of a selection with all their tokens, and forgets the consents. How many there were.
   *
   * @throws {TypeError} when the storage cannot list
   */
  revokeAll(selection: GrantSelection, reason?: string): Promise<number>
}

/** The administration of one server's grants. */
export function createGrantAdministration(context: () => Promise<ServerContext>): GrantAdministration {
  async function list(selection: GrantSelection): Promise<GrantSummary[]> {
    const server = await context()
    const now = server.now()
    const { subject, clientId, sid } = selection
    const partition =
      subject === undefined
        ? await server.partitions.clientGrants(selection.clientId)
        : await server.partitions.subject(subject)
    const ids = await listAll(server.options.storage, partition, 'grants', now)
    const found: GrantSummary[] = []
    for (let start = 0; start < ids.length; start += pageSize)
      found.push(...(await summarizePage(ids.slice(start, start + pageSize), partition, now, server)))
    const selected = found
      .filter((grant) => clientId === undefined || grant.clientId === clientId)
      .filter((grant) => sid === undefined || grant.sid === sid)
      .sort((left, right) => right.createdAt - left.createdAt)
    return withClientGroups(selected, server)
  }

  async function revoke(grantId: string, subject: string, reason: string): Promise<boolean> {
    // The id comes from a form: a text that no key may hold is the id of no grant, and not a failure.
    if (!isGrantId(grantId)) return false
    const server = await context()
    const now = server.now()
    const stored = await server.grants.read(grantId, now)
    if (stored?.value.subject !== subject) return false
    const { clientId } = stored.value
    await forgetConsent(clientId, subject, now, server)
    if (!(await server.grants.revoke(stored, now))) return false
    server.emit({ type: 'grant.revoked', clientId, subject, grantId, reason })
    return true
  }

  return {
    list,
    revoke: (grantId, { subject }) => revoke(grantId, subject, 'user'),
    async revokeAll(selection, reason = 'administrator') {
      let count = 0
      for (const { grantId, subject } of await list(selection))
        if (await revoke(grantId, subject, reason)) count++
      return count
    },
  }
}

const pageSize = 100

/** Adds what the operator says about the clients; each is looked up once. */
async function withClientGroups(found: GrantSummary[], server: ServerContext): Promise<GrantSummary[]> {
  const ids = [...new Set(found.map(({ clientId }) => clientId))]
  const clients = await Promise.all(ids.map((id) => findClient(id, server)))
  const known = new Map(
    clients.flatMap((client) => (client === undefined ? [] : [[client.client_id, client]])),
  )
  return found.map((grant) => {
    const client = known.get(grant.clientId)
    return client === undefined ? grant : { ...grant, ...clientGroups(client) }
  })
}

/** The grants that a page of index entries points to. An entry that points nowhere any more is cleared away. */
async function summarizePage(
  ids: readonly string[],
  partition: string,
  now: number,
  server: ServerContext,
): Promise<GrantSummary[]> {
  const { storage, grants } = server
  const entryKeys = ids.map((id) => ({ partition, collection: 'grants', id }))
  const records = await storage.get([...entryKeys, ...ids.map((id) => grants.key(id, 'grants', id))], now)
  const found: GrantSummary[] = []
  for (const [index, grantId] of ids.entries()) {
    const entry = records[index]
    const grant = records[ids.length + index] as StoredGrant | undefined
    if (grant !== undefined) found.push(summarize(grantId, grant))
    else if (entry !== undefined && isSettled(entry.value as GrantIndexEntry, now))
      await storage.commit([{ type: 'delete', key: entry.key, revision: entry.revision }], now)
  }
  return found
}

// The entry is written just before its grant, so a young one may still be waiting for it.
function isSettled({ createdAt }: GrantIndexEntry, now: number): boolean {
  return createdAt < now - 60_000
}

function summarize(grantId: string, { value }: StoredGrant): GrantSummary {
  const { clientId, subject, scope, details, resources, createdAt, provider, sessionId, code, refresh } =
    value
  const lastUsedAt = refresh?.rotatedAt ?? code?.usedAt
  return {
    grantId,
    clientId,
    subject,
    scope,
    resources,
    createdAt,
    ...(details === undefined ? {} : { authorizationDetails: details }),
    ...(provider === undefined ? {} : { provider }),
    ...(sessionId === undefined ? {} : { sid: sessionId }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  }
}
