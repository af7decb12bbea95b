import { createMemoryStorage, isStorageError } from '@gatewright/storage'
import type { Key, Operation } from '@gatewright/storage'
import { describeStorage } from '@gatewright/storage/testing'
import { describe, expect, it } from 'vitest'

describeStorage('memory storage', () => ({ storage: createMemoryStorage() }))

const t0 = 1_900_000_000_000
const hour = 3_600_000
const at = (id: string, partition = 'p'): Key => ({ partition, collection: 'things', id })
const insert = (id: string, expiresAt: number | null = null, partition = 'p'): [Operation] => [
  { type: 'insert', key: at(id, partition), value: id, expiresAt },
]

describe('memory storage at its limit', () => {
  it('DS-04 refuses with a StorageError and evicts nothing', async () => {
    const storage = createMemoryStorage({ maxRecords: 3 })
    for (const id of ['a', 'b', 'c']) await storage.commit(insert(id, t0 + 1000), t0)
    const error: unknown = await storage.commit(insert('d'), t0 + 999).catch((reason: unknown) => reason)
    expect(isStorageError(error) && [error.name, error.code]).toEqual(['StorageError', 'full'])
    expect(await storage.list('p', 'things', { limit: 10, now: t0 + 999 })).toEqual(['a', 'b', 'c'])
  })

  it('DS-04 makes room by dropping what has expired', async () => {
    const storage = createMemoryStorage({ maxRecords: 3 })
    await storage.commit(insert('a', t0 + 1000), t0)
    for (const id of ['b', 'c']) await storage.commit(insert(id), t0)
    expect(await storage.commit(insert('d'), t0 + 1000)).toBe(true)
    expect(await storage.list('p', 'things', { limit: 10, now: t0 + 1000 })).toEqual(['b', 'c', 'd'])
  })

  it('still replaces, deletes, takes over expired records, and inserts for what the same commit deletes', async () => {
    const storage = createMemoryStorage({ maxRecords: 2 })
    await storage.commit(insert('a'), t0)
    await storage.commit(insert('b', t0 + 1), t0)
    const [a] = await storage.get([at('a')], t0)
    if (a === undefined) throw new Error('no record')
    const { key, revision } = a
    expect(await storage.commit([{ type: 'replace', key, revision, value: 2, expiresAt: null }], t0)).toBe(
      true,
    )
    expect(await storage.commit(insert('b'), t0 + 1)).toBe(true)
    expect(await storage.commit([...insert('c'), { type: 'delete', key }], t0 + 1)).toBe(true)
    await expect(storage.commit(insert('d'), t0 + 1)).rejects.toThrow('2 records')
  })

  it('leaves nothing of a commit for which there was no room', async () => {
    const storage = createMemoryStorage({ maxRecords: 2 })
    await storage.commit(insert('a'), t0)
    await expect(storage.commit([...insert('b'), ...insert('c')], t0)).rejects.toThrow('2 records')
    expect(await storage.list('p', 'things', { limit: 10, now: t0 })).toEqual(['a'])
  })

  it.each([0, -1, 1.5, Number.NaN, Infinity])('CK-04 refuses maxRecords %s', (maxRecords) => {
    expect(() => createMemoryStorage({ maxRecords })).toThrow(TypeError)
  })
})

describe('memory storage over time', () => {
  it('DS-03 stays bounded without a sweep: what expired over an hour ago makes way', async () => {
    const storage = createMemoryStorage()
    let now = t0
    for (let round = 0; round < 100; round++, now += 2 * hour)
      for (const part of ['x', 'y', 'z']) await storage.commit(insert(`${part}${round}`, now + 1000), now)
    // An untimely instant: everything that is still held shows.
    expect((await storage.list('p', 'things', { limit: 100, now: 0 })).length).toBeLessThanOrEqual(6)
  })

  it('CK-02 keeps a mark for an hour after its expiry, for a clock that jumps ahead and back', async () => {
    const storage = createMemoryStorage()
    await storage.commit(insert('used', t0 + 1000), t0)
    for (let index = 0; index < 100; index++) await storage.commit(insert(`r${index}`), t0 + hour)
    expect(await storage.commit(insert('used', t0 + 1000), t0)).toBe(false)
  })

  it('DS-03 gives all room back when 100,000 expired records are swept', async () => {
    const storage = createMemoryStorage({ maxRecords: 100_000 })
    const fill = async (prefix: string, now: number) => {
      for (let index = 0; index < 100_000; index++)
        await storage.commit(insert(`${prefix}${index}`, now + 1000, `p${index % 30_000}`), now)
    }
    await fill('a', t0)
    await expect(storage.commit(insert('x'), t0)).rejects.toThrow('100000 records')
    expect(await storage.sweep({ now: t0 + 1000, limit: 1_000_000 })).toBe(100_000)
    await fill('b', t0 + 1000)
    expect(await storage.list('p7', 'things', { limit: 10, now: t0 + 1000 })).toEqual([
      'b30007',
      'b60007',
      'b7',
      'b90007',
    ])
  })

  it('DS-03 gives the memory back after a sweep', async () => {
    const heap = () => {
      // Bytes beside the heap, which `external` counts on every runtime, are there until the collection after the one that frees them.
      globalThis.gc?.()
      globalThis.gc?.()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    }
    const storage = createMemoryStorage()
    // So large that what the test itself takes is little of it.
    const value = 'x'.repeat(400)
    const fill = async (round: number) => {
      const now = t0 + round * hour
      for (let index = 0; index < 50_000; index++)
        await storage.commit(
          [
            {
              type: 'insert',
              key: at(`r${index}`, `p${round}-${index % 5000}`),
              value,
              expiresAt: now + 1000,
            },
          ],
          now,
        )
    }
    const empty = async (round: number) => storage.sweep({ now: t0 + round * hour + 1000, limit: 1_000_000 })
    await fill(0)
    await empty(0)
    const before = heap()
    await fill(1)
    const full = heap()
    await empty(1)
    expect((heap() - before) / (full - before)).toBeLessThan(0.05)
  })

  it('DS-05 lets others run during a large sweep', async () => {
    const storage = createMemoryStorage()
    for (let index = 0; index < 5000; index++) await storage.commit(insert(`r${index}`, t0 + 1), t0)
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await storage.sweep({ now: t0 + 1, limit: 5000 })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })
})

describe('memory storage', () => {
  it('is isolated per instance', async () => {
    const [one, other] = [createMemoryStorage(), createMemoryStorage()]
    await one.commit(insert('a'), t0)
    expect(await other.get([at('a')], t0)).toEqual([undefined])
  })

  it('hands out a value of its own each time', async () => {
    const storage = createMemoryStorage()
    await storage.commit([{ type: 'insert', key: at('a'), value: { list: [{}] }, expiresAt: null }], t0)
    const [one, other] = await storage.get([at('a'), at('a')], t0)
    const value = one?.value as { list: object[] }
    value.list.push({})
    expect(other?.value).toEqual({ list: [{}] })
  })

  it('calls a getter once and keeps what it gave', async () => {
    const storage = createMemoryStorage()
    let calls = 0
    const value = {
      get n() {
        return { calls: ++calls }
      },
    }
    await storage.commit([{ type: 'insert', key: at('a'), value, expiresAt: null }], t0)
    const [stored] = await storage.get([at('a')], t0)
    expect(stored?.value).toEqual({ n: { calls: 1 } })
    expect(calls).toBe(1)
  })

  it('a value whose getter commits something itself does not disturb either commit', async () => {
    const storage = createMemoryStorage()
    await storage.commit(insert('gone'), t0)
    const value = {
      first: 'a text before',
      get second() {
        void storage.commit([{ type: 'delete', key: at('gone') }, ...insert('inner')], t0)
        return 'a text after'
      },
    }
    const outer = [{ type: 'insert', key: at('outer'), value, expiresAt: null }] as const
    expect(await storage.commit([...insert('other'), ...outer], t0)).toBe(true)
    const stored = await storage.get(
      ['gone', 'inner', 'other', 'outer'].map((id) => at(id)),
      t0,
    )
    expect(stored.map((record) => record?.value)).toEqual([
      undefined,
      'inner',
      'other',
      { first: 'a text before', second: 'a text after' },
    ])
  })

  it('PV-02 shows no record when it is inspected', async () => {
    const { inspect } = await import('node:util')
    const storage = createMemoryStorage()
    await storage.commit([{ type: 'insert', key: at('a'), value: 'sealed-secret', expiresAt: null }], t0)
    expect(inspect(storage, { depth: 10, showHidden: true })).not.toContain('sealed-secret')
  })
})
