import { createBytes } from '#platform'
import type { Column } from './column.ts'

/** Where the bytes of records are. A location is a number above zero that names one record's bytes. */
export interface Segments {
  /** How many more segments there may be. */
  readonly room: number
  /** Writes some bytes as those of a record, at its location in the column. */
  write(record: number, from: Uint8Array, start: number, end: number): void
  /** Ends the bytes of a record, and wipes them. */
  remove(record: number): void
  bytesOf(record: number): Uint8Array
  placeOf(record: number): number
}

interface Segment {
  readonly bytes: Uint8Array
  /** Whether it is that of one large record. */
  readonly single: boolean
  used: number
  live: number
  /** Whether it waits to be written anew. */
  isDue: boolean
}

const size = 65_536
/** A record begins at an even place: 32 bits name it among eight gigabytes. */
const places = size / 2
const most = 2 ** 17
/** Before each record: its number in four bytes, its length in two. */
const head = 6
/** How many segments that were given back are kept for the next: a page of memory that is new to the process costs more to touch than to copy. */
const mostIdle = 16
/**
 * One segment is written anew at most for so many bytes that were removed. It takes five times as many to make one due, so that none
 * waits long, and segments that come due at once, as by a sweep, are no pause.
 */
const between = 4096
/** What is larger has a segment of its own. */
const largest = 16_384

/**
 * Creates an empty log. Records are written one behind the other into segments of 64 KB; one of which a third is dead is soon written
 * anew at the end and given back. So the room that is taken follows what is stored, and no step is longer than copying one segment.
 */
export function createSegments(locations: Column): Segments {
  const nothing = new Uint8Array()
  const segments: (Segment | undefined)[] = []
  const free: number[] = []
  const idle: Uint8Array[] = []
  const due: number[] = []
  let current = -1
  let removed = 0

  function open(length: number, single: boolean): number {
    const index = free.pop() ?? segments.length
    const bytes = (single ? undefined : idle.pop()) ?? createBytes(length)
    segments[index] = { bytes, single, used: 0, live: 0, isDue: false }
    return index
  }

  /** The index of a segment with room for so many bytes. */
  function indexFor(length: number): number {
    if (length > largest) return open(length, true)
    const segment = segments[current]
    if (segment !== undefined && segment.used + length <= size) return current
    // Also when the one before is dead by now: nothing else would look at it again.
    const before = current
    current = open(size, false)
    if (before >= 0) judge(before)
    return current
  }

  function write(record: number, from: Uint8Array, start: number, end: number): void {
    const length = sizeOf(end - start)
    const index = indexFor(length)
    const segment = segments[index]
    if (segment === undefined) return
    const { bytes, used } = segment
    writeHead(bytes, used, record, end - start)
    bytes.set(from.subarray(start, end), used + head)
    segment.used += length
    segment.live += length
    locations.set(record, locationOf(index, used + head))
  }

  /** Finds whether little of a segment is live. */
  function judge(index: number): void {
    const segment = segments[index]
    if (segment === undefined || segment.isDue || index === current || segment.live * 3 >= segment.used * 2)
      return
    segment.isDue = true
    due.push(index)
  }

  /** Writes what is live of a segment anew, and gives the segment back. */
  function tidy(index: number): void {
    const segment = segments[index]
    if (segment === undefined) return
    const { bytes, used } = segment
    for (let start = 0; start < used && segment.live > 0;) {
      const { record, length } = readHead(bytes, start)
      const place = start + head
      if (locations.get(record) === locationOf(index, place)) write(record, bytes, place, place + length)
      start += sizeOf(length)
    }
    giveBack(index)
    // Whole, for what was written anew may be removed there later.
    bytes.fill(0)
    if (idle.length < mostIdle) idle.push(bytes)
  }

  function giveBack(index: number): void {
    segments[index] = undefined
    free.push(index)
  }

  return {
    get room() {
      return most - segments.length + free.length
    },
    write,
    remove(record) {
      const location = locations.get(record)
      const index = Math.floor(location / places)
      const segment = segments[index]
      if (segment === undefined || location === 0) return
      const place = (location % places) * 2
      const length = segment.single ? segment.used - head : readHead(segment.bytes, place - head).length
      locations.set(record, 0)
      segment.bytes.fill(0, place, place + length)
      segment.live -= sizeOf(length)
      if (segment.single) return giveBack(index)
      judge(index)
      removed += sizeOf(length)
      if (removed < between) return
      removed = 0
      const next = due.pop()
      if (next !== undefined) tidy(next)
    },
    bytesOf: (record) => segments[Math.floor(locations.get(record) / places)]?.bytes ?? nothing,
    placeOf: (record) => (locations.get(record) % places) * 2,
  }
}

function locationOf(index: number, place: number): number {
  return index * places + place / 2
}

/** The bytes of a record with its head, to the next even place. */
function sizeOf(length: number): number {
  return (length + head + 1) & ~1
}

function writeHead(bytes: Uint8Array, start: number, record: number, length: number): void {
  for (let index = 0; index < 4; index++) bytes[start + index] = record >>> (8 * index)
  bytes[start + 4] = length
  bytes[start + 5] = length >>> 8
}

function readHead(bytes: Uint8Array, start: number): { record: number; length: number } {
  const at = (index: number) => bytes[start + index] ?? 0
  return {
    record: at(0) + at(1) * 2 ** 8 + at(2) * 2 ** 16 + at(3) * 2 ** 24,
    length: at(4) + at(5) * 2 ** 8,
  }
}
