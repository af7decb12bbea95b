import type { ServerContext } from '../server-context.ts'
import type { GrantIndexEntry, StoredGrant } from '../grants/grant-store.ts'
import { isGrantId } from '../grants/token-formats.ts'

/** A grant as an administrator or its user sees it. */
export interface GrantSummary {
  readonly grantId: string
  readonly clientId: string
  readonly subject: string
  readonly scope: string
  readonly resources: readonly string[]
  /** Milliseconds. */
  readonly createdAt: number
  /** When tokens were last issued, in milliseconds; absent while the code has not been redeemed. */
  readonly lastUsedAt?: number
}

/** Lists and ends what users approved. These are functions: protecting whoever calls them is the caller's job. */
export interface GrantAdministration {
  /**
   * The live grants of a user, newest first.
   *
   * @throws {TypeError} when the storage cannot list
   */
  listBySubject(subject: string): Promise<GrantSummary[]>
  /** Ends a grant and all its tokens at once. `false` when there was none of that id and subject. */
  revoke(grantId: string, of: { readonly subject: string }): Promise<boolean>
}

const pageSize = 100

/** The administration of one server's grants. */
export function createGrantAdministration(context: () => Promise<ServerContext>): GrantAdministration {
  return {
    async listBySubject(subject) {
      const server = await context()
      const { storage } = server.options
      if (storage.list === undefined)
        throw new TypeError('this storage cannot list; pass one that implements Listing')
      const partition = await server.partitions.subject(subject)
      const found: GrantSummary[] = []
      for (let after: string | undefined; ;) {
        const now = server.now()
        const page = { limit: pageSize, now, ...(after === undefined ? {} : { after }) }
        const ids = await storage.list(partition, 'grants', page)
        found.push(...(await summarizePage(ids, partition, now, server)))
        after = ids.at(-1)
        if (after === undefined || ids.length < pageSize) break
      }
      return found.sort((left, right) => right.createdAt - left.createdAt)
    },
    async revoke(grantId, { subject }) {
      // The id comes from a form: a text that no key may hold is the id of no grant, and not a failure.
      if (!isGrantId(grantId)) return false
      const server = await context()
      const now = server.now()
      const stored = await server.grants.read(grantId, now)
      if (stored?.value.subject !== subject) return false
      if (!(await server.grants.revoke(stored, now))) return false
      server.emit({
        type: 'grant.revoked',
        clientId: stored.value.clientId,
        subject,
        grantId,
        reason: 'user',
      })
      return true
    },
  }
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
  const { clientId, subject, scope, resources, createdAt, code, refresh } = value
  const lastUsedAt = refresh?.rotatedAt ?? code?.usedAt
  return {
    grantId,
    clientId,
    subject,
    scope,
    resources,
    createdAt,
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  }
}
