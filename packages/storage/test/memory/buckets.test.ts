import { expect, it } from 'vitest'
import { createBuckets } from '../../src/memory/buckets.ts'

it('finds every record that is in, and no other, while it grows', () => {
  // Few of the hashes are of one record alone.
  const hashOf = (record: number) => Math.imul(record % 3000, 0x9e3779b1)
  const buckets = createBuckets()
  const found = (record: number) => {
    let one = buckets.first(hashOf(record))
    while (one !== 0 && one !== record) one = buckets.next(one)
    return one === record
  }
  for (let record = 1; record <= 10_000; record++) buckets.add(hashOf(record), record)
  for (let record = 1; record <= 10_000; record += 2) expect(buckets.remove(record)).toBe(true)
  expect(buckets.remove(1)).toBe(false)
  const present = Array.from({ length: 10_000 }, (_, index) => index + 1).filter(found)
  expect(present).toEqual(Array.from({ length: 5000 }, (_, index) => 2 * index + 2))
})

it('holds few records in each bucket, however many there are', () => {
  const hashOf = (record: number) => Math.imul(record, 0x9e3779b1) >>> 3
  const buckets = createBuckets()
  for (let record = 1; record <= 20_000; record++) buckets.add(hashOf(record), record)
  let steps = 0
  for (let record = 1; record <= 20_000; record++)
    for (let one = buckets.first(hashOf(record)); one !== record; one = buckets.next(one)) steps++
  expect(steps / 20_000).toBeLessThan(3)
})
