import { expect, it } from 'vitest'
import type { Listing } from '../listing.ts'
import type { Operation } from '../operation.ts'
import { hostileIds, unstorableParts } from './key-tests.ts'
import { freshPartition, t0 } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

/** Listing: order, pages, and what does not belong in them. */
export function listingTests(bench: Bench): void {
  it('returns nothing for a collection without records', async (context) => {
    const { partition } = freshPartition()()
    expect(await bench.listing(context).list(partition, 'things', { limit: 10, now: t0 })).toEqual([])
  })

  it('returns the ids of one collection in one partition only', async (context) => {
    const listing = bench.listing(context)
    const [at, elsewhere] = [freshPartition(), freshPartition()]
    for (const key of [at('b'), at('a'), at('x', 'others'), elsewhere('y'), at('c')]) await bench.put(key, 1)
    expect(await listing.list(at().partition, 'things', { limit: 10, now: t0 })).toEqual(['a', 'b', 'c'])
    expect(await listing.list(at().partition, 'others', { limit: 10, now: t0 })).toEqual(['x'])
    expect(await listing.list(at().partition, 'thing', { limit: 10, now: t0 })).toEqual([])
  })

  it('orders by code points, whatever the characters', async (context) => {
    const listing = bench.listing(context)
    const at = freshPartition()
    for (const id of hostileIds) await bench.put(at(id), 1)
    const ids = await listing.list(at().partition, 'things', { limit: 1000, now: t0 })
    const points = (id: string) => Array.from(id, (character) => character.codePointAt(0) ?? 0)
    expect(ids).toEqual([...hostileIds].sort((one, other) => compareLists(points(one), points(other))))
  })

  it('continues after the last id of a page, also when that record is gone', async (context) => {
    const listing = bench.listing(context)
    const at = freshPartition()
    for (const id of ['a', 'b', 'c', 'd', 'e']) await bench.put(at(id), 1)
    const page = (after?: string) =>
      listing.list(at().partition, 'things', { limit: 2, now: t0, ...(after === undefined ? {} : { after }) })
    expect(await page()).toEqual(['a', 'b'])
    await bench.commit([{ type: 'delete', key: at('b') }])
    expect(await page('b')).toEqual(['c', 'd'])
    expect(await page('d')).toEqual(['e'])
    expect(await page('e')).toEqual([])
    expect(await page('bb')).toEqual(['c', 'd'])
  })

  it('leaves out expired and deleted records, and fills the page with live ones', async (context) => {
    const listing = bench.listing(context)
    const at = freshPartition()
    await bench.put(at('a'), 1, t0 + 1000)
    await bench.put(at('b'), 1, t0 + 2000)
    await bench.put(at('c'), 1)
    await bench.put(at('d'), 1)
    await bench.commit([{ type: 'delete', key: at('c') }])
    const list = (now: number) => listing.list(at().partition, 'things', { limit: 2, now })
    expect(await list(t0 + 999)).toEqual(['a', 'b'])
    expect(await list(t0 + 1000)).toEqual(['b', 'd'])
    expect(await list(t0 + 2000)).toEqual(['d'])
  })

  it('walks 10,000 ids page by page, each once and in order', async (context) => {
    const listing = bench.listing(context)
    const at = freshPartition()
    const ids = Array.from(
      { length: 10_000 },
      (_, index) => `id${String((index * 7919) % 10_000).padStart(5, '0')}`,
    )
    for (let start = 0; start < ids.length; start += 500) {
      const inserts = ids
        .slice(start, start + 500)
        .map((id): Operation => ({ type: 'insert', key: at(id), value: 1, expiresAt: null }))
      await bench.commit(inserts as [Operation, ...Operation[]])
    }
    expect(await walk(listing, at().partition, 700)).toEqual(ids.toSorted())
  })

  it('CK-04 refuses a malformed limit with a TypeError', async (context) => {
    const listing = bench.listing(context)
    const { partition } = freshPartition()()
    for (const limit of [0, -1, 1.5, Number.NaN, Infinity, '10', undefined])
      await expect(listing.list(partition, 'things', { limit: limit as number, now: t0 })).rejects.toThrow(
        TypeError,
      )
  })

  it('refuses malformed names and instants with a TypeError', async (context) => {
    const listing = bench.listing(context)
    const { partition } = freshPartition()()
    const options = { limit: 10, now: t0 }
    for (const [name, part] of Object.entries(unstorableParts)) {
      await expect(listing.list(part as string, 'things', options)).rejects.toThrow(TypeError)
      await expect(listing.list(partition, part as string, options)).rejects.toThrow(TypeError)
      if (name === 'undefined') continue
      await expect(listing.list(partition, 'things', { ...options, after: part as string })).rejects.toThrow(
        TypeError,
      )
    }
    await expect(listing.list(partition, 'things', { limit: 10, now: Number.NaN })).rejects.toThrow(TypeError)
  })
}

async function walk(listing: Listing, partition: string, limit: number): Promise<string[]> {
  const all: string[] = []
  for (;;) {
    const after = all.at(-1)
    const page = await listing.list(partition, 'things', {
      limit,
      now: t0,
      ...(after === undefined ? {} : { after }),
    })
    all.push(...page)
    if (page.length < limit) return all
  }
}

function compareLists(one: readonly number[], other: readonly number[]): number {
  const difference = one.findIndex((point, index) => point !== other[index])
  if (difference === -1) return one.length - other.length
  return (one[difference] ?? 0) - (other[difference] ?? -1)
}
