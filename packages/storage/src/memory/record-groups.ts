import type { Buckets } from './buckets.ts'
import { placeColumn } from './column.ts'

/** The records of each collection in a partition, in rings of which one member is found by a hash. */
export interface RecordGroups {
  /** Adds a record; `leader` is the member that was found for its group, `0` when there is none. */
  add(hash: number, record: number, leader: number): void
  remove(record: number): void
  /** All members of the ring that a record is in, in no order. */
  membersWith(record: number): Iterable<number>
}

/** Creates empty groups whose leaders are found in some buckets. */
export function createRecordGroups(leaders: Buckets): RecordGroups {
  const nexts = placeColumn()
  const befores = placeColumn()

  function join(one: number, other: number): void {
    nexts.set(one, other)
    befores.set(other, one)
  }

  return {
    add(hash, record, leader) {
      if (leader === 0) {
        join(record, record)
        leaders.add(hash, record)
      } else {
        join(record, nexts.get(leader))
        join(leader, record)
      }
    },
    remove(record) {
      const next = nexts.get(record)
      join(befores.get(record), next)
      if (leaders.remove(record) && next !== record) leaders.add(leaders.hashOf(record), next)
    },
    *membersWith(record) {
      let member = record
      do {
        yield member
        member = nexts.get(member)
      } while (member !== record)
    },
  }
}
