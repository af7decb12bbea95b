import { expect, it } from 'vitest'
import type { Operation } from '../operation.ts'
import { freshPartition, t0 } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

/** What `get` returns, and in which order. */
export function readingTests(bench: Bench): void {
  it('returns records in the order of the keys, undefined where none is', async () => {
    const at = freshPartition()
    await bench.put(at('a'), 'A')
    await bench.put(at('c'), 'C')
    const stored = await bench.storage.get([at('c'), at('b'), at('a'), at('z')], t0)
    expect(stored.map((record) => record?.value)).toEqual(['C', undefined, 'A', undefined])
    expect(stored[0]?.key).toEqual(at('c'))
  })

  it('returns nothing for no keys', async () => {
    expect(await bench.storage.get([], t0)).toEqual([])
  })

  it('returns a record twice when it is asked for twice', async () => {
    const key = freshPartition()()
    const stored = await bench.put(key, 'A')
    expect(await bench.storage.get([key, key], t0)).toEqual([stored, stored])
  })

  it('reads keys of several partitions and collections in one call', async () => {
    const [here, there] = [freshPartition(), freshPartition()]
    const keys = [here('a'), there('a'), here('a', 'others'), there('b')]
    await Promise.all(keys.map((key, index) => bench.put(key, index)))
    const stored = await bench.storage.get([...keys, there('a', 'others')], t0)
    expect(stored.map((record) => record?.value)).toEqual([0, 1, 2, 3, undefined])
  })

  it('reads 500 keys in one call', async () => {
    const at = freshPartition()
    const keys = Array.from({ length: 500 }, (_, index) => at(`k${index}`))
    const present = keys.filter((_, index) => index % 3 !== 0)
    const inserts = present.map((key): Operation => ({ type: 'insert', key, value: key.id, expiresAt: null }))
    await bench.commit(inserts as [Operation, ...Operation[]])
    const stored = await bench.storage.get(keys, t0)
    expect(stored.map((record) => record?.value)).toEqual(
      keys.map((key, index) => (index % 3 === 0 ? undefined : key.id)),
    )
  })

  it('does not show records of another partition, collection or id', async () => {
    const at = freshPartition()
    await bench.put(at('a', 'things'), 1)
    const others = [at('b', 'things'), at('a', 'thing'), freshPartition()('a', 'things')]
    expect(await bench.storage.get(others, t0)).toEqual([undefined, undefined, undefined])
  })

  it('is not touched by what the caller does to the keys it passed', async () => {
    const { partition } = freshPartition()()
    const key = { partition, collection: 'things', id: 'a' }
    await bench.put(key, 1)
    const stored = await bench.get(key)
    key.id = 'b'
    expect(stored?.key.id).toBe('a')
    expect(await bench.get({ partition, collection: 'things', id: 'a' })).toBeDefined()
    expect(await bench.get(key)).toBeUndefined()
  })
}
