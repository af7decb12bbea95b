import { createCounter, createMemoryStorage, isStorageError } from '@gatewright/storage'
import { expect, it } from 'vitest'

const rule = { window: 60, limit: 3, now: 1_900_000_000_000 }

it('gives up with a StorageError when other writers win every round', async () => {
  const storage = createMemoryStorage()
  let rounds = 0
  const counter = createCounter({
    get: (keys, now) => storage.get(keys, now),
    commit: async () => {
      rounds++
      return false
    },
  })
  const error: unknown = await counter.hit('k', rule).catch((reason: unknown) => reason)
  expect(isStorageError(error) && error.code).toBe('busy')
  expect(rounds).toBe(100)
})

it('rejects every waiting hit when the storage fails, and works again afterwards', async () => {
  const storage = createMemoryStorage()
  let broken = true
  const counter = createCounter({
    commit: (operations, now) => storage.commit(operations, now),
    get: async (keys, now) => {
      if (broken) throw new Error('connection lost')
      return storage.get(keys, now)
    },
  })
  const hits = await Promise.allSettled([1, 2, 3].map(() => counter.hit('k', rule)))
  expect(hits.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  broken = false
  expect(await counter.hit('k', rule)).toMatchObject({ allowed: true, count: 1 })
})

it('a flood on one key that is over its limit costs one read at a time and no write', async () => {
  const storage = createMemoryStorage()
  const calls = { get: 0, commit: 0 }
  const counter = createCounter({
    get: (keys, now) => (calls.get++, storage.get(keys, now)),
    commit: (operations, now) => (calls.commit++, storage.commit(operations, now)),
  })
  await Promise.all(Array.from({ length: 1000 }, () => counter.hit('k', rule)))
  expect(calls.get).toBeLessThan(5)
  expect(calls.commit).toBeLessThan(5)
  const before = calls.commit
  await Promise.all(Array.from({ length: 1000 }, () => counter.hit('k', rule)))
  expect(calls.commit).toBe(before)
})

it('DS-08 a limiter with a million distinct keys is bounded by its storage, and refuses then', async () => {
  const counter = createCounter(createMemoryStorage({ maxRecords: 1000 }))
  const hits = await Promise.allSettled(
    Array.from({ length: 1500 }, (_, key) => counter.hit(`k${key}`, rule)),
  )
  expect(hits.filter(({ status }) => status === 'fulfilled')).toHaveLength(1000)
  expect(hits.every((hit) => hit.status === 'fulfilled' || isStorageError(hit.reason))).toBe(true)
})

it('refuses an empty namespace and an empty key', async () => {
  expect(() => createCounter(createMemoryStorage(), { namespace: '' })).toThrow(TypeError)
  await expect(createCounter(createMemoryStorage()).hit('', rule)).rejects.toThrow(TypeError)
})
