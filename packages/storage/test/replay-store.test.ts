import { createMemoryStorage, createReplayStore } from '@gatewright/storage'
import type { Operation } from '@gatewright/storage'
import { expect, it } from 'vitest'

const now = 1_900_000_000_000

it('PV-06 stores the hash of an id, spread over partitions by its first characters', async () => {
  const seen: Operation[] = []
  const replay = createReplayStore({
    commit: async (operations) => {
      seen.push(...operations)
      return true
    },
  })
  for (const id of ['jti-one', 'jti-two']) await replay.once('tenant', id, now + 1, now)
  expect(JSON.stringify(seen)).not.toContain('jti-')
  for (const { key } of seen) {
    expect(key.id).toMatch(/^[\w-]{43}$/)
    expect(key.partition).toBe(`tenant:${key.id.slice(0, 2)}`)
  }
  expect(seen[0]?.key.id).not.toBe(seen[1]?.key.id)
})

it('rejects when the storage does, so that nothing counts as new', async () => {
  const replay = createReplayStore(createMemoryStorage({ maxRecords: 1 }))
  expect(await replay.once('tenant', 'a', now + 1, now)).toBe(true)
  await expect(replay.once('tenant', 'b', now + 1, now)).rejects.toThrow('1 records')
  expect(await replay.once('tenant', 'a', now + 1, now)).toBe(false)
})
