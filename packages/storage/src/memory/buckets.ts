import { placeColumn } from './column.ts'

/** Records by the hash of something. The hash of a record never changes while it is in. */
export interface Buckets {
  /** The first record that may have this hash; `0` when none has. */
  first(hash: number): number
  /** The next one after it. */
  next(record: number): number
  add(hash: number, record: number): void
  /** Tells whether it was in. */
  remove(hash: number, record: number): boolean
}

const fewest = 64
const load = 2

/**
 * Creates an empty hash table that never stops the process to grow: each record that is added splits at most one bucket (linear
 * hashing). A `Map` moves all its entries at once when it doubles, at a million entries for 50 to 300 ms.
 */
export function createBuckets(hashOf: (record: number) => number): Buckets {
  const heads = placeColumn()
  const nexts = placeColumn()
  // The buckets below `split` have been divided in two, the other half is `half` further.
  let half = fewest
  let split = 0
  let count = 0

  function bucketOf(hash: number): number {
    const bucket = hash & (half - 1)
    return bucket < split ? hash & (2 * half - 1) : bucket
  }

  function put(hash: number, record: number): void {
    const bucket = bucketOf(hash)
    nexts.set(record, heads.get(bucket))
    heads.set(bucket, record)
  }

  function grow(): void {
    let record = heads.get(split)
    heads.set(split, 0)
    split++
    if (split === half) {
      half *= 2
      split = 0
    }
    while (record !== 0) {
      const next = nexts.get(record)
      put(hashOf(record), record)
      record = next
    }
  }

  return {
    first: (hash) => heads.get(bucketOf(hash)),
    next: (record) => nexts.get(record),
    add(hash, record) {
      put(hash, record)
      if (++count > load * (half + split)) grow()
    },
    remove(hash, record) {
      const bucket = bucketOf(hash)
      const first = heads.get(bucket)
      if (first === record) heads.set(bucket, nexts.get(record))
      else {
        let before = first
        while (before !== 0 && nexts.get(before) !== record) before = nexts.get(before)
        if (before === 0) return false
        nexts.set(before, nexts.get(record))
      }
      count--
      return true
    },
  }
}
