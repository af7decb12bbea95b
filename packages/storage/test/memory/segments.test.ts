import { expect, it } from 'vitest'
import { createColumn } from '../../src/memory/column.ts'
import { createSegments } from '../../src/memory/segments.ts'

it('keeps the bytes of each record while thousands are written anew and removed, and gives room back', () => {
  const segments = createSegments(createColumn((length) => new Uint32Array(length)))
  const model = new Map<number, Uint8Array>()
  const room = segments.room
  for (let round = 0; round < 30_000; round++) {
    const record = 1 + ((round * 7919) % 1009)
    if (model.has(record)) segments.remove(record)
    model.delete(record)
    if (round % 3 === 0) continue
    // Now and then one that has a segment of its own.
    const length = round % 500 === 1 ? 60_000 + (round % 7) * 1389 : 1 + ((round * 31) % 700)
    const bytes = Uint8Array.from({ length }, (_, index) => (index * round) % 251)
    segments.write(record, bytes, 0, length)
    model.set(record, bytes)
  }
  for (const [record, bytes] of model) {
    const place = segments.placeOf(record)
    const found = segments.bytesOf(record).subarray(place, place + bytes.length)
    expect([record, Buffer.compare(found, bytes)]).toEqual([record, 0])
  }
  const stored = [...model.values()].reduce((sum, { length }) => sum + length, 0)
  expect(room - segments.room).toBeLessThan((stored / 65_536) * 1.6 + 4)
  for (const record of model.keys()) segments.remove(record)
  expect(room - segments.room).toBeLessThanOrEqual(1)
})

it.each([60, 700, 9000, 16_000])('gives room back as fast as records of %i bytes come and go', (length) => {
  const segments = createSegments(createColumn((count) => new Uint32Array(count)))
  const bytes = new Uint8Array(length)
  const [room, alive] = [segments.room, 500]
  let most = 0
  for (let round = 0; round < 100_000; round++) {
    const record = 1 + ((round * 7919) % alive)
    if (round >= alive) segments.remove(record)
    segments.write(record, bytes, 0, length)
    most = Math.max(most, room - segments.room)
  }
  expect(most).toBeLessThan(((alive * (length + 8)) / 65_536) * 1.9 + 4)
})

it('writes few records anew for a removal, however many segments have come due', () => {
  const locations = createColumn((length) => new Uint32Array(length))
  let moves = 0
  const segments = createSegments({
    get: (record) => locations.get(record),
    set(record, location) {
      if (location !== 0) moves++
      locations.set(record, location)
    },
  })
  const [room, length, inEach, count] = [segments.room, 1000, 65, 100]
  for (let record = 1; record <= count * inEach; record++)
    segments.write(record, new Uint8Array(length), 0, length)
  const used = room - segments.room
  // From each segment in turn, so that all of them come to a third at about the same time.
  const moved = Array.from({ length: 32 * count }, (_, index) => {
    moves = 0
    segments.remove(1 + (index % count) * inEach + Math.floor(index / count))
    return moves
  })
  const inTen = moved.map((_, index) => moved.slice(index, index + 10).reduce((sum, one) => sum + one, 0))
  expect(Math.max(...inTen)).toBeLessThanOrEqual(3 * inEach)
  expect(room - segments.room).toBeLessThan(used * 0.8)
})
