import type { Key } from './key.ts'
import type { Listing, ListOptions } from './listing.ts'
import { createExpiryQueue } from './memory/expiry-queue.ts'
import { isAlive } from './memory/memory-record.ts'
import type { MemoryRecord } from './memory/memory-record.ts'
import { privateCopy } from './memory/private-copy.ts'
import { createRecordIndex } from './memory/record-index.ts'
import { compareCodePoints, smallestIds } from './memory/smallest-ids.ts'
import { createStringTable } from './memory/string-table.ts'
import type { Operation } from './operation.ts'
import { createRevision } from './revision.ts'
import type { Revision } from './revision.ts'
import type { Storage } from './storage.ts'
import { StorageError } from './storage-error.ts'
import type { Stored } from './stored.ts'
import type { Sweeper, SweepOptions } from './sweeper.ts'
import { verifyInstant } from './verify-instant.ts'
import { verifyKeyPart, verifyKeys } from './verify-keys.ts'
import { verifyLimit } from './verify-limit.ts'
import { verifyOperations } from './verify-operations.ts'

/**
 * Options of {@link createMemoryStorage}.
 *
 * @group Memory
 */
export interface MemoryStorageOptions {
  /**
   * How many records may be held, expired ones included until they are swept.
   *
   * @default 1000000
   */
  readonly maxRecords?: number
}

/** A sweep lets others run after so many records: below 1 ms, also among a million. */
const step = 100
/** Expired records that a full storage drops to make room, per commit. */
const roomStep = 100
/** Milliseconds that a record stays after its expiry before an insert drops it, so that a clock set back by up to
 * an hour meets the marks of what was used already. */
const grace = 3_600_000

/**
 * Creates a storage in the memory of this process: for tests, for a single process that may forget everything when
 * it ends, for marks that live for minutes. Each call returns one that shares nothing with any other.
 *
 * When it is full it refuses with a {@link StorageError} (`full`) instead of evicting: a mark that a code was used
 * or a token revoked must not give way to new records. Every insert drops up to two records that expired more than
 * an hour ago, so that it stays bounded without a timer; `sweep` drops them at once.
 *
 * @throws TypeError when `maxRecords` is not a positive integer.
 * @example
 * ```ts
 * const storage = createMemoryStorage()
 * const key = { partition: 'demo', collection: 'notes', id: 'first' }
 * await storage.commit([{ type: 'insert', key, value: { text: 'hello' }, expiresAt: null }], Date.now())
 * const [stored] = await storage.get([key], Date.now())
 * ```
 * @group Memory
 */
export function createMemoryStorage(options: MemoryStorageOptions = {}): Storage & Listing & Sweeper {
  const { maxRecords = 1_000_000 } = options
  if (!Number.isSafeInteger(maxRecords) || maxRecords < 1)
    throw new TypeError('maxRecords must be a positive integer')

  const records = createRecordIndex()
  const expiries = createExpiryQueue()
  const share = createStringTable()
  // A random prefix and a number that only grows: as unique as a random text, for 8 bytes per record.
  const mark = createRevision()
  let writes = 0
  const revisionOf = (record: MemoryRecord): Revision => `${mark}.${record.revision}` as Revision

  function drop(record: MemoryRecord): void {
    expiries.remove(record)
    records.remove(record)
  }

  function dropExpired(now: number, limit: number): number {
    for (let count = 0; count < limit; count++) {
      const record = expiries.first()
      if (record === undefined || isAlive(record, now)) return count
      drop(record)
    }
    return limit
  }

  function holds(operation: Operation, record: MemoryRecord | undefined, now: number): boolean {
    if (operation.type === 'insert') return !isAlive(record, now)
    if (operation.revision === undefined) return true
    return isAlive(record, now) && revisionOf(record) === operation.revision
  }

  function write(key: Key, record: MemoryRecord | undefined, value: unknown, expiresAt: number | null): void {
    const target = record ?? emptyRecord(key)
    target.value = value
    target.expiresAt = expiresAt
    target.revision = ++writes
    if (record === undefined) records.add(target)
    expiries.update(target)
  }

  function emptyRecord({ partition, collection, id }: Key): MemoryRecord {
    return {
      partition: share(partition),
      collection: share(collection),
      id: share(id),
      value: undefined,
      revision: 0,
      expiresAt: null,
      place: -1,
      next: undefined,
    }
  }

  function read(key: Key, now: number): Stored | undefined {
    const record = records.find(key)
    if (!isAlive(record, now)) return undefined
    const { partition, collection, id, value, expiresAt } = record
    return { key: { partition, collection, id }, value, revision: revisionOf(record), expiresAt }
  }

  function commit(operations: readonly Operation[], now: number): boolean {
    verifyOperations(operations)
    verifyInstant('now', now)
    if (records.size + operations.length > maxRecords) dropExpired(now, operations.length + roomStep)

    const plan = operations.map((operation) => {
      const record = records.find(operation.key)
      const value = 'value' in operation ? privateCopy(operation.value, share) : undefined
      return { operation, record, value, holds: holds(operation, record, now) }
    })
    if (!plan.every((entry) => entry.holds)) return false
    const added = plan.filter(
      ({ operation, record }) => operation.type === 'insert' && record === undefined,
    ).length
    const removed = plan.filter(
      ({ operation, record }) => operation.type === 'delete' && record !== undefined,
    ).length
    if (added > removed && records.size + added - removed > maxRecords)
      throw new StorageError('full', `the memory storage holds ${maxRecords} records already`)

    for (const { operation, record, value } of plan) {
      if (operation.type === 'delete') {
        if (record !== undefined) drop(record)
      } else if (operation.type !== 'check') write(operation.key, record, value, operation.expiresAt)
    }
    if (added > 0) dropExpired(now - grace, added * 2)
    return true
  }

  function* idsAfter(partition: string, collection: string, { after, now }: ListOptions): Generator<string> {
    for (const record of records.collection(partition, collection))
      if (isAlive(record, now) && (after === undefined || compareCodePoints(record.id, after) > 0))
        yield record.id
  }

  async function sweep({ now, limit }: SweepOptions): Promise<number> {
    verifyInstant('now', now)
    verifyLimit(limit)
    let total = 0
    for (;;) {
      const wanted = Math.min(step, limit - total)
      const dropped = dropExpired(now, wanted)
      total += dropped
      if (dropped < wanted || total === limit) return total
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
  }

  return {
    volatile: true,
    async get(keys, now) {
      verifyKeys(keys)
      verifyInstant('now', now)
      return keys.map((key) => read(key, now))
    },
    async commit(operations, now) {
      return commit(operations, now)
    },
    async list(partition, collection, options) {
      verifyKeyPart('partition', partition)
      verifyKeyPart('collection', collection)
      verifyInstant('now', options.now)
      verifyLimit(options.limit)
      if (options.after !== undefined) verifyKeyPart('after', options.after)
      return smallestIds(idsAfter(partition, collection, options), options.limit)
    },
    sweep,
  }
}
