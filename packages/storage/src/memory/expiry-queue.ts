import { createColumn, placeColumn } from './column.ts'

/** Keeps the records that expire so that the next one to expire is always at hand. */
export interface ExpiryQueue {
  /** The record that expires first; `0` when none expires at all. */
  first(): number
  /** Instant in milliseconds at which a record expires; `Infinity`: never. */
  expiryOf(record: number): number
  /** Sets when a record expires: adds, moves or (for `Infinity`) removes it. */
  set(record: number, expiry: number): void
  remove(record: number): void
}

/**
 * Creates an empty queue: a binary heap in which each record knows its place, so that adding, moving and removing
 * cost O(log n) and a sweep looks at nothing that has not expired.
 */
export function createExpiryQueue(): ExpiryQueue {
  const expiries = createColumn((length) => new Float64Array(length))
  const heap = placeColumn()
  // Counted from one: `0` says that a record is not queued.
  const places = placeColumn()
  let size = 0

  const at = (place: number): number => (place <= size ? heap.get(place) : 0)

  function put(record: number, place: number): void {
    heap.set(place, record)
    places.set(record, place)
  }

  function isBefore(one: number, other: number): boolean {
    return expiries.get(one) < expiries.get(other)
  }

  function rise(record: number): void {
    let place = places.get(record)
    while (place > 1) {
      const parent = at(place >>> 1)
      if (!isBefore(record, parent)) break
      put(parent, place)
      place >>>= 1
    }
    put(record, place)
  }

  function earlier(left: number, right: number): number {
    return right !== 0 && isBefore(right, left) ? right : left
  }

  function sink(record: number): void {
    let place = places.get(record)
    for (;;) {
      const child = earlier(at(place * 2), at(place * 2 + 1))
      if (child === 0 || !isBefore(child, record)) break
      const childPlace = places.get(child)
      put(child, place)
      place = childPlace
    }
    put(record, place)
  }

  function remove(record: number): void {
    const place = places.get(record)
    if (place === 0) return
    const last = at(size)
    size--
    places.set(record, 0)
    if (last === record) return
    put(last, place)
    rise(last)
    sink(last)
  }

  return {
    first: () => at(1),
    expiryOf: (record) => expiries.get(record),
    set(record, expiry) {
      expiries.set(record, expiry)
      if (expiry === Infinity) return remove(record)
      if (places.get(record) === 0) put(record, ++size)
      rise(record)
      sink(record)
    },
    remove,
  }
}
