import type { Key } from '../key.ts'
import { createBuckets } from './buckets.ts'
import { createColumn, placeColumn } from './column.ts'
import { createKeyHash } from './key-hash.ts'
import { createRecordGroups } from './record-groups.ts'
import { createSegments } from './segments.ts'
import type { Unpacker } from './unpack.ts'

/** Records as bytes, found by key and by collection. A record is a number above zero, which another may have later. */
export interface RecordTable {
  readonly size: number
  /** How many more segments of bytes there may be. */
  readonly room: number
  /** The record of a key; `0` when there is none. */
  find(key: Key): number
  /** Writes a packed record in place of one, or as a new one for `0`, and returns which it is. */
  write(record: number, key: Key, bytes: Uint8Array, start: number, end: number): number
  remove(record: number): void
  revisionOf(record: number): number
  /** A new value each time. */
  valueOf(record: number): unknown
  idOf(record: number): string
  /** The records of one collection, in no order. */
  collection(partition: string, collection: string): Iterable<number>
}

/** Creates an empty table. */
export function createRecordTable(unpacker: Unpacker): RecordTable {
  const hash = createKeyHash()
  const segments = createSegments(createColumn((length) => new Uint32Array(length)))
  const keyOf = (record: number) => unpacker.keyAt(segments.bytesOf(record), segments.placeOf(record))
  // Kept, because a bucket that is divided would otherwise read the keys of its records.
  const hashes = placeColumn()
  const groupHashes = placeColumn()
  const byKey = createBuckets((record) => hashes.get(record))
  const leaders = createBuckets((record) => groupHashes.get(record))
  const groups = createRecordGroups(leaders)
  const vacant = placeColumn()
  let firstVacant = 0
  let last = 0
  let size = 0

  const isOf = (record: number, key: Key) =>
    unpacker.isOf(segments.bytesOf(record), segments.placeOf(record), key)

  function find(key: Key): number {
    const wanted = hash.ofKey(key.partition, key.collection, key.id)
    let record = byKey.first(wanted)
    while (record !== 0 && !(hashes.get(record) === wanted && isOf(record, key))) record = byKey.next(record)
    return record
  }

  function leaderOf(group: number, partition: string, collection: string): number {
    for (let record = leaders.first(group); record !== 0; record = leaders.next(record)) {
      if (groupHashes.get(record) !== group) continue
      const key = keyOf(record)
      if (key.partition === partition && key.collection === collection) return record
    }
    return 0
  }

  function add({ partition, collection, id }: Key, bytes: Uint8Array, start: number, end: number): number {
    const record = firstVacant === 0 ? ++last : firstVacant
    if (record === firstVacant) firstVacant = vacant.get(record)
    segments.write(record, bytes, start, end)
    const own = hash.ofKey(partition, collection, id)
    const group = hash.ofCollection(partition, collection)
    hashes.set(record, own)
    groupHashes.set(record, group)
    byKey.add(own, record)
    groups.add(group, record, leaderOf(group, partition, collection))
    size++
    return record
  }

  function end(record: number): void {
    unpacker.release(segments.bytesOf(record), segments.placeOf(record))
    segments.remove(record)
  }

  return {
    get size() {
      return size
    },
    get room() {
      return segments.room
    },
    find,
    write(record, key, bytes, start, stop) {
      if (record === 0) return add(key, bytes, start, stop)
      end(record)
      segments.write(record, bytes, start, stop)
      return record
    },
    remove(record) {
      byKey.remove(hashes.get(record), record)
      groups.remove(groupHashes.get(record), record)
      end(record)
      vacant.set(record, firstVacant)
      firstVacant = record
      size--
    },
    revisionOf: (record) => unpacker.revisionAt(segments.bytesOf(record), segments.placeOf(record)),
    valueOf: (record) => unpacker.valueAt(segments.bytesOf(record), segments.placeOf(record)),
    idOf: (record) => keyOf(record).id,
    *collection(partition, collection) {
      const leader = leaderOf(hash.ofCollection(partition, collection), partition, collection)
      if (leader !== 0) yield* groups.membersWith(leader)
    },
  }
}
