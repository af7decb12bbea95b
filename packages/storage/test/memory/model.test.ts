import { createMemoryStorage } from '@gatewright/storage'
import type { Key, Operation, Revision } from '@gatewright/storage'
import { expect, it } from 'vitest'

/** A small generator with a fixed seed (mulberry32), so that a failure repeats. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

interface Entry {
  value: number
  expiresAt: number | null
  revision: Revision | undefined
}

const name = ({ partition, collection, id }: Key) => `${partition} ${collection} ${id}`

it.each([1, 2, 3, 4])('behaves like a plain map under random operations (seed %i)', async (seed) => {
  const pick = seeded(seed)
  const storage = createMemoryStorage()
  const model = new Map<string, Entry>()
  const keys = ['p', 'q', 'r'].flatMap((partition) =>
    ['c', 'd'].flatMap((collection) =>
      Array.from({ length: 12 }, (_, id) => ({ partition, collection, id: `${id}` })),
    ),
  )
  let now = 1000
  const alive = (key: Key) => {
    const entry = model.get(name(key))
    return entry !== undefined && (entry.expiresAt === null || entry.expiresAt > now) ? entry : undefined
  }
  const expiry = () => (pick(5) === 0 ? null : now + pick(60))

  for (let round = 0; round < 4000; round++) {
    now += pick(4)
    const partition = ['p', 'q', 'r'][pick(3)]
    const candidates = keys.filter((key) => key.partition === partition)
    const chosen = Array.from({ length: 1 + pick(3) }, () =>
      candidates.splice(pick(candidates.length), 1),
    ).flat()
    const operations = chosen.map((key): Operation => {
      const known = (pick(10) === 0 ? undefined : model.get(name(key))?.revision) ?? ('unknown' as Revision)
      const what = { key, value: round, expiresAt: expiry() }
      const kind = pick(5)
      if (kind <= 1) return { type: 'insert', ...what }
      if (kind === 2) return { type: 'replace', ...what, revision: known }
      if (kind === 3) return { type: 'check', key, revision: known }
      return pick(2) === 0 ? { type: 'delete', key } : { type: 'delete', key, revision: known }
    })
    const expected = operations.every((operation) => {
      const entry = alive(operation.key)
      if (operation.type === 'insert') return entry === undefined
      return operation.revision === undefined || entry?.revision === operation.revision
    })
    expect([round, await storage.commit(operations as [Operation], now)]).toEqual([round, expected])
    if (expected)
      for (const operation of operations)
        if (operation.type === 'delete') model.delete(name(operation.key))
        else if (operation.type !== 'check')
          model.set(name(operation.key), {
            value: round,
            expiresAt: operation.expiresAt,
            revision: undefined,
          })
    const stored = await storage.get(keys, now)
    const differing = keys.filter((key, index) => {
      const [entry, record] = [alive(key), stored[index]]
      const revision = entry?.revision ?? record?.revision
      if (entry !== undefined) entry.revision = record?.revision
      return (
        record?.value !== entry?.value ||
        record?.expiresAt !== entry?.expiresAt ||
        record?.revision !== revision
      )
    })
    expect([round, differing]).toEqual([round, []])
    const listed = await storage.list(`${partition}`, 'c', { now, limit: 100 })
    const present = keys.filter((key) => key.partition === partition && key.collection === 'c' && alive(key))
    expect([round, listed]).toEqual([round, present.map(({ id }) => id).sort()])
    if (pick(50) === 0) {
      const expired = [...model].filter(([, { expiresAt }]) => expiresAt !== null && expiresAt <= now)
      expect(await storage.sweep({ now, limit: 1000 })).toBe(expired.length)
      for (const [key] of expired) model.delete(key)
    }
  }
})
