import { expect, it } from 'vitest'
import { createExpiryQueue } from '../../src/memory/expiry-queue.ts'
import type { MemoryRecord } from '../../src/memory/memory-record.ts'

function record(id: number, expiresAt: number | null): MemoryRecord {
  return {
    partition: 'p',
    collection: 'c',
    id: `${id}`,
    value: 0,
    revision: 0,
    expiresAt,
    place: -1,
    next: undefined,
  }
}

it('gives records in the order of their expiry after adding, moving and removing thousands', () => {
  const queue = createExpiryQueue()
  const records = Array.from({ length: 5000 }, (_, id) => record(id, (id * 7919) % 5003))
  for (const entry of records) queue.update(entry)
  for (const entry of records) {
    const id = Number(entry.id)
    if (id % 5 === 0) entry.expiresAt = (id * 104_729) % 5009
    if (id % 7 === 0) entry.expiresAt = null
    queue.update(entry)
    if (id % 11 === 0) queue.remove(entry)
  }
  const left = records.filter(({ id, expiresAt }) => expiresAt !== null && Number(id) % 11 !== 0)
  const order: number[] = []
  for (let first = queue.first(); first !== undefined; first = queue.first()) {
    order.push(first.expiresAt ?? -1)
    queue.remove(first)
  }
  expect(order).toEqual(
    left.map(({ expiresAt }) => expiresAt).sort((one, other) => Number(one) - Number(other)),
  )
})

it('removes a record that is not queued without harm', () => {
  const queue = createExpiryQueue()
  const [queued, other] = [record(1, 5), record(2, 3)]
  queue.update(queued)
  queue.remove(other)
  expect(queue.first()).toBe(queued)
})
