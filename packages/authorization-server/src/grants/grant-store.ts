import type { Key, Operation, Storage, Stored } from '@gatewright/storage'
import type { Partitions } from '../partitions.ts'
import type { Grant } from './grant.ts'

const rounds = 5

/** A grant as it was read, with the revision that a change must name. */
export type StoredGrant = Stored<Grant>

/** What is kept about a grant where the grants of its user and of its client are listed. */
export interface GrantIndexEntry {
  readonly schema: 1
  readonly clientId: string
  readonly createdAt: number
}

/** Reads and changes grants. */
export interface GrantStore {
  /** The key of another record in the grant's partition. */
  key(grantId: string, collection: string, id: string): Key
  /** The key of a grant. */
  grantKey(grantId: string): Key
  /** The grant, or `undefined` when it is unknown, expired or revoked. */
  read(grantId: string, now: number): Promise<StoredGrant | undefined>
  /** The grant and other records in one round trip; those of its partition as they were at one instant. */
  readWith(
    grantId: string,
    others: readonly Key[],
    now: number,
  ): Promise<readonly [StoredGrant | undefined, ...(Stored | undefined)[]]>
  /**
   * Stores a new grant together with changes of its partition; its index entries are written first, so that no grant can be
   * missing from a list. `false` when a change was lost to somebody else, or the id is taken.
   */
  create(
    grantId: string,
    grant: Grant,
    storedUntil: number,
    now: number,
    also?: readonly Operation[],
  ): Promise<boolean>
  /**
   * Changes a grant together with records of its partition. `false` when somebody else was first: read again.
   *
   * A grant is never stored shorter than before, since an access token that was issued earlier may live longer.
   */
  replace(
    stored: StoredGrant,
    grant: Grant,
    storedUntil: number,
    also: readonly Operation[],
    now: number,
  ): Promise<boolean>
  /** Ends a grant, and with it every token of it, whatever became of it since it was read. Of several who do so at once, one gets `true`. */
  revoke(stored: StoredGrant, now: number): Promise<boolean>
}

/** Keeps grants in a storage. */
export function createGrantStore(storage: Storage, partitions: Partitions): GrantStore {
  const key = (grantId: string, collection: string, id: string): Key => ({
    partition: partitions.grant(grantId),
    collection,
    id,
  })
  const grantKey = (grantId: string) => key(grantId, 'grants', grantId)
  return {
    key,
    grantKey,
    async read(grantId, now) {
      const [stored] = await storage.get([grantKey(grantId)], now)
      return stored as StoredGrant | undefined
    },
    async readWith(grantId, others, now) {
      const [stored, ...records] = await storage.get([grantKey(grantId), ...others], now)
      return [stored as StoredGrant | undefined, ...records]
    },
    async create(grantId, grant, storedUntil, now, also = []) {
      const entry: GrantIndexEntry = { schema: 1, clientId: grant.clientId, createdAt: grant.createdAt }
      const lists = [await partitions.subject(grant.subject), await partitions.clientGrants(grant.clientId)]
      const listed = await Promise.all(
        lists.map(async (partition) => {
          const key = { partition, collection: 'grants', id: grantId }
          const insert = { type: 'insert', key, value: { ...entry }, expiresAt: grant.expiresAt } as const
          // One that is there already is from an attempt that came no further.
          return (await storage.commit([insert], now)) || (await storage.get([key], now))[0] !== undefined
        }),
      )
      if (listed.includes(false)) return false
      return storage.commit(
        [{ type: 'insert', key: grantKey(grantId), value: { ...grant }, expiresAt: storedUntil }, ...also],
        now,
      )
    },
    replace: (stored, grant, storedUntil, also, now) =>
      storage.commit(
        [
          {
            type: 'replace',
            key: stored.key,
            revision: stored.revision,
            value: { ...grant },
            expiresAt: Math.max(storedUntil, stored.expiresAt ?? 0),
          },
          ...also,
        ],
        now,
      ),
    async revoke(read, now) {
      const { key } = read
      let stored: Stored | undefined = read
      for (let round = 0; round < rounds; round++) {
        if (stored === undefined) return false
        const { revision } = stored
        if (await storage.commit([{ type: 'delete', key, revision }], now)) return true
        stored = (await storage.get([key], now))[0]
      }
      // Others keep changing it: that must not keep it alive.
      return storage.commit([{ type: 'delete', key }], now)
    },
  }
}
