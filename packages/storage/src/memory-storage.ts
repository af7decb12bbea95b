import type { Key } from './key.ts'
import type { Listing, ListOptions } from './listing.ts'
import { createExpiryQueue } from './memory/expiry-queue.ts'
import { createPacker } from './memory/packer.ts'
import type { Packer } from './memory/packer.ts'
import { createRecordTable } from './memory/record-table.ts'
import { createShapes } from './memory/shapes.ts'
import { createSharedTexts } from './memory/shared-texts.ts'
import { compareCodePoints, smallestIds } from './memory/smallest-ids.ts'
import { createUnpacker } from './memory/unpack.ts'
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

/** An operation, and where the record that it writes is packed. */
interface Packed {
  readonly operation: Operation
  readonly start: number
  readonly end: number
}

/** A sweep lets others run after so many records: below half a millisecond, also among a million. */
const step = 50
/** Expired records that a full storage drops to make room, per commit. */
const roomStep = 100
/** Milliseconds that a record stays after its expiry before an insert drops it, so that a clock set back by up to
 * an hour meets the marks of what was used already. */
const grace = 3_600_000
/** Segments that a commit may need besides one for each operation. */
const spare = 64

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

  const [shared, shapes] = [createSharedTexts(), createShapes()]
  let idle: Packer | undefined
  const records = createRecordTable(createUnpacker(shared, shapes))
  const expiries = createExpiryQueue()
  // A random prefix and a number that only grows: as unique as a random text, for a few bytes per record.
  const mark = createRevision()
  let writes = 0
  const revisionOf = (record: number): Revision => `${mark}.${records.revisionOf(record)}` as Revision
  const isAlive = (record: number, now: number) => record !== 0 && expiries.expiryOf(record) > now

  function drop(record: number): void {
    expiries.remove(record)
    records.remove(record)
  }

  function dropExpired(now: number, limit: number): number {
    for (let count = 0; count < limit; count++) {
      const record = expiries.first()
      if (record === 0 || isAlive(record, now)) return count
      drop(record)
    }
    return limit
  }

  function holds(operation: Operation, record: number, now: number): boolean {
    if (operation.type === 'insert') return !isAlive(record, now)
    if (operation.revision === undefined) return true
    return isAlive(record, now) && revisionOf(record) === operation.revision
  }

  function read({ partition, collection, id }: Key, now: number): Stored | undefined {
    const key = { partition, collection, id }
    const record = records.find(key)
    if (!isAlive(record, now)) return undefined
    const expiry = expiries.expiryOf(record)
    return {
      key,
      value: records.valueOf(record),
      revision: revisionOf(record),
      expiresAt: expiry === Infinity ? null : expiry,
    }
  }

  function judge({ operation, start, end }: Packed, now: number) {
    const record = records.find(operation.key)
    return { operation, start, end, record, holds: holds(operation, record, now) }
  }

  function apply(packer: Packer, operations: readonly Operation[], now: number): boolean {
    // First of all: getters and `toJSON` of values run here, and may commit something themselves.
    const packed = operations.map((operation) => pack(packer, operation))
    if (records.size + operations.length > maxRecords) dropExpired(now, operations.length + roomStep)
    const steps = packed.map((step) => judge(step, now))
    if (!steps.every((step) => step.holds)) return false
    const added = steps.filter(({ operation, record }) => operation.type === 'insert' && record === 0).length
    const removed = steps.filter(
      ({ operation, record }) => operation.type === 'delete' && record !== 0,
    ).length
    if (added > removed && records.size + added - removed > maxRecords)
      throw new StorageError('full', `the memory storage holds ${maxRecords} records already`)
    if (records.room < operations.length + spare)
      throw new StorageError('full', 'the memory storage holds eight gigabytes already')

    packer.keep()
    for (const { operation, record, start, end } of steps) {
      if (operation.type === 'delete') {
        if (record !== 0) drop(record)
      } else if (operation.type !== 'check') {
        const written = records.write(record, operation.key, packer.bytes, start, end)
        expiries.set(written, operation.expiresAt ?? Infinity)
      }
    }
    if (added > 0) dropExpired(now - grace, added * 2)
    return true
  }

  function pack(packer: Packer, operation: Operation): Packed {
    const start = packer.length
    // By its type: an insert without a value is refused like one of `undefined`, and a value beside a deletion is nobody's.
    if (operation.type === 'insert' || operation.type === 'replace')
      packer.pack(++writes, operation.key, operation.value)
    return { operation, start, end: packer.length }
  }

  function commit(operations: readonly Operation[], now: number): boolean {
    verifyOperations(operations)
    verifyInstant('now', now)
    const packer = idle ?? createPacker(shared, shapes)
    idle = undefined
    try {
      return apply(packer, operations, now)
    } finally {
      packer.empty()
      idle = packer
    }
  }

  function* idsAfter(partition: string, collection: string, { after, now }: ListOptions): Generator<string> {
    for (const record of records.collection(partition, collection)) {
      if (!isAlive(record, now)) continue
      const id = records.idOf(record)
      if (after === undefined || compareCodePoints(id, after) > 0) yield id
    }
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
