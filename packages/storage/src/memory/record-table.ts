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
  const hashes = createKeyHash()
  const segments = createSegments(createColumn((length) => new Uint32Array(length)))
  const keyOf = (record: number) => unpacker.keyAt(segments.bytesOf(record), segments.placeOf(record))
  const byKey = createBuckets()
  const leaders = createBuckets()
  const groups = createRecordGroups(leaders)
  const vacant = placeColumn()
  let firstVacant = 0
  let last = 0
  let size = 0

  const isIn = (record: number, partition: string, collection: string) =>
    unpacker.isIn(segments.bytesOf(record), segments.placeOf(record), partition, collection)
  const isOf = (record: number, key: Key) =>
    unpacker.isOf(segments.bytesOf(record), segments.placeOf(record), key)

  function find(key: Key): number {
    const hash = hashes.ofId(hashes.ofCollection(key.partition, key.collection), key.id)
    let record = byKey.first(hash)
    while (record !== 0 && !isOf(record, key)) record = byKey.next(record)
    return record
  }

  function leaderOf(group: number, partition: string, collection: string): number {
    let record = leaders.first(group)
    while (record !== 0 && !isIn(record, partition, collection)) record = leaders.next(record)
    return record
  }

  function add({ partition, collection, id }: Key, bytes: Uint8Array, start: number, end: number): number {
    const record = firstVacant === 0 ? ++last : firstVacant
    if (record === firstVacant) firstVacant = vacant.get(record)
    segments.write(record, bytes, start, end)
    const group = hashes.ofCollection(partition, collection)
    byKey.add(hashes.ofId(group, id), record)
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
      byKey.remove(record)
      groups.remove(record)
      end(record)
      vacant.set(record, firstVacant)
      firstVacant = record
      size--
    },
    revisionOf: (record) => unpacker.revisionAt(segments.bytesOf(record), segments.placeOf(record)),
    valueOf: (record) => unpacker.valueAt(segments.bytesOf(record), segments.placeOf(record)),
    idOf: (record) => keyOf(record).id,
    *collection(partition, collection) {
      const leader = leaderOf(hashes.ofCollection(partition, collection), partition, collection)
      if (leader !== 0) yield* groups.membersWith(leader)
    },
  }
}
