import { placeColumn } from './column.ts'

/** Records by the hash of something. */
export interface Buckets {
  /** The first record of a hash; `0` when none has it. */
  first(hash: number): number
  /** The next one of the same hash. */
  next(record: number): number
  /** The hash that a record is or was last in by. */
  hashOf(record: number): number
  add(hash: number, record: number): void
  /** Tells whether it was in. */
  remove(record: number): boolean
}

const fewest = 64

/**
 * Creates an empty hash table that never stops the process to grow: each record that is added splits at most one bucket (linear
 * hashing). A `Map` moves all its entries at once when it doubles, at a million entries for 50 to 300 ms.
 */
export function createBuckets(): Buckets {
  const heads = placeColumn()
  // The next record of its bucket and the hash of each, side by side: among a million records it is the way to memory that costs.
  const links = placeColumn()
  // The buckets below `split` have been divided in two, the other half is `half` further.
  let half = fewest
  let split = 0
  let count = 0

  const after = (record: number) => links.get(record * 2)
  const hashOf = (record: number) => links.get(record * 2 + 1)

  function bucketOf(hash: number): number {
    const bucket = hash & (half - 1)
    return bucket < split ? hash & (2 * half - 1) : bucket
  }

  function put(hash: number, record: number): void {
    const bucket = bucketOf(hash)
    links.set(record * 2, heads.get(bucket))
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
      const next = after(record)
      put(hashOf(record), record)
      record = next
    }
  }

  /** The first record from one on that has the hash. */
  function firstOf(wanted: number, from: number): number {
    let record = from
    while (record !== 0 && hashOf(record) !== wanted) record = after(record)
    return record
  }

  return {
    first: (hash) => firstOf(hash, heads.get(bucketOf(hash))),
    next: (record) => firstOf(hashOf(record), after(record)),
    hashOf,
    add(hash, record) {
      links.set(record * 2 + 1, hash)
      put(hash, record)
      if (++count > half + split) grow()
    },
    remove(record) {
      const bucket = bucketOf(hashOf(record))
      const first = heads.get(bucket)
      if (first === record) heads.set(bucket, after(record))
      else {
        let before = first
        while (before !== 0 && after(before) !== record) before = after(before)
        if (before === 0) return false
        links.set(before * 2, after(record))
      }
      count--
      return true
    },
  }
}
