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

/** Something that is noted once in the list of a client's grants. Nothing depends on it. */
export interface ListNote {
  readonly collection: string
  readonly id: string
  readonly expiresAt: number
  /** Called when it was noted before. */
  readonly seen: () => void
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
   *
   * @param note is written with the entry of the client, so that it costs no commit of its own
   */
  create(
    grantId: string,
    grant: Grant,
    storedUntil: number,
    now: number,
    also?: readonly Operation[],
    note?: ListNote,
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

  /** Whether the grant has an entry in a list now, made at this attempt or at one that came no further. */
  async function list(
    partition: string,
    grantId: string,
    { clientId, createdAt, expiresAt }: Grant,
    now: number,
    note?: ListNote,
  ): Promise<boolean> {
    const value: GrantIndexEntry = { schema: 1, clientId, createdAt }
    const listKey = { partition, collection: 'grants', id: grantId }
    const entry = { type: 'insert', key: listKey, value: { ...value }, expiresAt } as const
    if (note !== undefined) {
      const noteKey = { partition, collection: note.collection, id: note.id }
      const noted = { type: 'insert', key: noteKey, value: true, expiresAt: note.expiresAt } as const
      if (await storage.commit([entry, noted], now)) return true
      if ((await storage.get([noteKey], now))[0] !== undefined) note.seen()
    }
    return (await storage.commit([entry], now)) || (await storage.get([listKey], now))[0] !== undefined
  }

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
    async create(grantId, grant, storedUntil, now, also = [], note) {
      const [ofSubject, ofClient] = await Promise.all([
        partitions.subject(grant.subject).then((partition) => list(partition, grantId, grant, now)),
        partitions
          .clientGrants(grant.clientId)
          .then((partition) => list(partition, grantId, grant, now, note)),
      ])
      if (!ofSubject || !ofClient) return false
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
