import type { Key } from '../key.ts'
import type { MemoryRecord } from './memory-record.ts'
import { createSpreadMap } from './spread-map.ts'
import type { SpreadMap } from './spread-map.ts'

/** Finds records by key and by collection. */
export interface RecordIndex {
  readonly size: number
  find(key: Key): MemoryRecord | undefined
  /** Adds a record whose key is not in the index. */
  add(record: MemoryRecord): void
  /** Removes a record that is in the index. */
  remove(record: MemoryRecord): void
  /** The records of one collection, in no order. */
  collection(partition: string, collection: string): Iterable<MemoryRecord>
}

type Collections = Map<string, SpreadMap<MemoryRecord>>

const longestChain = 8

/**
 * Creates an empty index. A partition with few records (a grant and its tokens) is a chain through the records
 * themselves, which costs no memory; one with many has a map per collection.
 */
export function createRecordIndex(): RecordIndex {
  const partitions = createSpreadMap<MemoryRecord | Collections>()
  let size = 0

  function add(record: MemoryRecord): void {
    const slot = partitions.get(record.partition)
    if (slot instanceof Map) addTo(slot, record)
    else if (slot === undefined || lengthOf(slot) < longestChain) {
      record.next = slot
      partitions.set(record.partition, record)
    } else {
      const collections: Collections = new Map()
      for (const member of [...chain(slot), record]) addTo(collections, member)
      partitions.set(record.partition, collections)
    }
    size++
  }

  function remove(record: MemoryRecord): void {
    const slot = partitions.get(record.partition)
    if (slot instanceof Map) {
      const records = slot.get(record.collection)
      records?.delete(record.id)
      if (records?.size === 0) slot.delete(record.collection)
      if (slot.size === 0) partitions.delete(record.partition)
    } else if (slot === record) {
      if (record.next === undefined) partitions.delete(record.partition)
      else partitions.set(record.partition, record.next)
    } else {
      for (const member of chain(slot)) if (member.next === record) member.next = record.next
    }
    record.next = undefined
    size--
  }

  return {
    get size() {
      return size
    },
    find({ partition, collection, id }) {
      const slot = partitions.get(partition)
      if (slot instanceof Map) return slot.get(collection)?.get(id)
      let record = slot
      while (record !== undefined && (record.id !== id || record.collection !== collection))
        record = record.next
      return record
    },
    add,
    remove,
    *collection(partition, collection) {
      const slot = partitions.get(partition)
      if (slot instanceof Map) yield* slot.get(collection)?.values() ?? []
      else for (const record of chain(slot)) if (record.collection === collection) yield record
    },
  }
}

function addTo(collections: Collections, record: MemoryRecord): void {
  record.next = undefined
  const records = collections.get(record.collection) ?? createSpreadMap<MemoryRecord>()
  records.set(record.id, record)
  collections.set(record.collection, records)
}

function* chain(first: MemoryRecord | undefined): Generator<MemoryRecord> {
  for (let record = first; record !== undefined; record = record.next) yield record
}

function lengthOf(first: MemoryRecord): number {
  let length = 0
  for (let record: MemoryRecord | undefined = first; record !== undefined; record = record.next) length++
  return length
}
