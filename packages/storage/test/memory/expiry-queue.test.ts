import { expect, it } from 'vitest'
import { createExpiryQueue } from '../../src/memory/expiry-queue.ts'

it('gives records in the order of their expiry after adding, moving and removing thousands', () => {
  const queue = createExpiryQueue()
  const left = new Map<number, number>()
  const records = Array.from({ length: 5000 }, (_, index) => index + 1)
  const set = (record: number, expiry: number) => {
    queue.set(record, expiry)
    if (expiry === Infinity) left.delete(record)
    else left.set(record, expiry)
  }
  for (const record of records) set(record, (record * 7919) % 5003)
  for (const record of records) {
    if (record % 5 === 0) set(record, (record * 104_729) % 5009)
    if (record % 7 === 0) set(record, Infinity)
    if (record % 11 === 0) {
      queue.remove(record)
      left.delete(record)
    }
  }
  const order: number[] = []
  for (let first = queue.first(); first !== 0; first = queue.first()) {
    order.push(queue.expiryOf(first))
    queue.remove(first)
  }
  expect(order).toEqual([...left.values()].sort((one, other) => one - other))
})

it('removes a record that is not queued without harm', () => {
  const queue = createExpiryQueue()
  queue.set(1, 5)
  queue.remove(2)
  expect(queue.first()).toBe(1)
})
