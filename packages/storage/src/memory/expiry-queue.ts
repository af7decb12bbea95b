import type { MemoryRecord } from './memory-record.ts'

/** Keeps the records that expire so that the next one to expire is always at hand. */
export interface ExpiryQueue {
  /** The record that expires first, if any expires at all. */
  first(): MemoryRecord | undefined
  /** Puts the record where its `expiresAt` says: adds, moves or (for `null`) removes it. */
  update(record: MemoryRecord): void
  remove(record: MemoryRecord): void
}

// Blocks instead of one array: growing an array of a million elements copies them all at once.
const blockBits = 10
const blockMask = (1 << blockBits) - 1

/**
 * Creates an empty queue: a binary heap in which each record knows its place, so that adding, moving and removing
 * cost O(log n) and a sweep looks at nothing that has not expired.
 */
export function createExpiryQueue(): ExpiryQueue {
  const blocks: (MemoryRecord | undefined)[][] = []
  let size = 0

  const at = (place: number): MemoryRecord | undefined => blocks[place >>> blockBits]?.[place & blockMask]

  function put(record: MemoryRecord, place: number): void {
    const block = blocks[place >>> blockBits] ?? []
    blocks[place >>> blockBits] = block
    block[place & blockMask] = record
    record.place = place
  }

  function rise(record: MemoryRecord): void {
    let place = record.place
    while (place > 0) {
      const parent = at((place - 1) >>> 1)
      if (parent === undefined || !isBefore(record, parent)) break
      const parentPlace = parent.place
      put(parent, place)
      place = parentPlace
    }
    put(record, place)
  }

  function sink(record: MemoryRecord): void {
    let place = record.place
    for (;;) {
      const child = earlier(at(place * 2 + 1), at(place * 2 + 2))
      if (child === undefined || !isBefore(child, record)) break
      const childPlace = child.place
      put(child, place)
      place = childPlace
    }
    put(record, place)
  }

  function remove(record: MemoryRecord): void {
    if (record.place < 0) return
    size--
    const last = at(size)
    const block = blocks[size >>> blockBits]
    if (block !== undefined) block.length = size & blockMask
    if (last !== undefined && last !== record) {
      put(last, record.place)
      rise(last)
      sink(last)
    }
    record.place = -1
  }

  return {
    first: () => at(0),
    update(record) {
      if (record.expiresAt === null) return remove(record)
      if (record.place < 0) put(record, size++)
      rise(record)
      sink(record)
    },
    remove,
  }
}

function isBefore(one: MemoryRecord, other: MemoryRecord): boolean {
  return (one.expiresAt ?? Infinity) < (other.expiresAt ?? Infinity)
}

function earlier(left: MemoryRecord | undefined, right: MemoryRecord | undefined): MemoryRecord | undefined {
  return left !== undefined && right !== undefined && isBefore(right, left) ? right : left
}
