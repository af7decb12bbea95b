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
