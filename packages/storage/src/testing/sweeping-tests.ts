import { expect, it } from 'vitest'
import type { Key } from '../key.ts'
import type { Operation } from '../operation.ts'
import type { Sweeper } from '../sweeper.ts'
import { freshPartition } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

// Long before the instants of all other tests: a sweep reaches over partitions, and must not take their records.
const then = 1_000_000_000
/** By when every driver lets go of a record that lived for a second. */
const later = then + 1000 + 120_000

/** Sweeping: expired records go, bounded; live ones stay. */
export function sweepingTests(bench: Bench): void {
  async function insertMany(count: number, expiresAt: number | null) {
    const at = freshPartition()
    const keys = Array.from({ length: count }, (_, index) => at(`r${index}`))
    const inserts = keys.map((key): Operation => ({ type: 'insert', key, value: key.id, expiresAt }))
    await bench.commit(inserts as [Operation, ...Operation[]], then)
    return keys
  }

  it('DS-05 removes at most as many as it was told, until nothing expired is left', async (context) => {
    const sweeper = bench.sweeper(context)
    await drain(sweeper)
    await insertMany(25, then + 1000)
    const counts = [0, 1, 2, 3].map(() => 0)
    for (const index of counts.keys()) counts[index] = await sweeper.sweep({ now: later, limit: 10 })
    expect(counts).toEqual([10, 10, 5, 0])
  })

  it('removes nothing that is alive, however close its end', async (context) => {
    const sweeper = bench.sweeper(context)
    await drain(sweeper)
    const eternal = await insertMany(5, null)
    const close = await insertMany(5, later + 1)
    await insertMany(5, then + 1000)
    expect(await sweeper.sweep({ now: later, limit: 100 })).toBe(5)
    const stored = await bench.storage.get([...eternal, ...close], later)
    expect(stored.every((record) => record !== undefined)).toBe(true)
  })

  it('removes nothing that was made to live longer', async (context) => {
    const sweeper = bench.sweeper(context)
    await drain(sweeper)
    const [key] = await insertMany(1, then + 1000)
    if (key === undefined) throw new Error('no key')
    for (const expiresAt of [then + 2000, later + 1]) {
      const revision = (await bench.get(key, then))?.revision
      if (revision === undefined) throw new Error('the record is gone')
      expect(await bench.commit([{ type: 'replace', key, revision, value: 1, expiresAt }], then)).toBe(true)
    }
    expect(await sweeper.sweep({ now: later, limit: 100 })).toBe(0)
    expect(await bench.get(key, later)).toBeDefined()
    await bench.commit([{ type: 'delete', key }], then)
  })

  it('DS-13 a lifetime of more than 2^31 milliseconds ends neither at once nor early', async (context) => {
    const sweeper = bench.sweeper(context)
    await drain(sweeper)
    const keys: Key[] = []
    for (const days of [25, 50, 400]) keys.push(...(await insertMany(1, later + days * 86_400_000)))
    // A timer that was set for longer than it can count fires after one millisecond.
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
    expect(await sweeper.sweep({ now: later, limit: 100 })).toBe(0)
    const stored = await bench.storage.get(keys, later + 24 * 86_400_000)
    expect(stored.map((record) => record !== undefined)).toEqual([true, true, true])
    for (const key of keys) await bench.commit([{ type: 'delete', key }], then)
  })

  it('removes what was written over an expired record only when that has expired too', async (context) => {
    const sweeper = bench.sweeper(context)
    await drain(sweeper)
    const [key] = await insertMany(1, then + 1000)
    if (key === undefined) throw new Error('no key')
    expect(await bench.commit([{ type: 'insert', key, value: 2, expiresAt: null }], then + 1000)).toBe(true)
    expect(await sweeper.sweep({ now: later, limit: 100 })).toBe(0)
    expect((await bench.get(key, later))?.value).toBe(2)
  })

  it('removes what was made to expire earlier', async (context) => {
    const sweeper = bench.sweeper(context)
    await drain(sweeper)
    const [key] = await insertMany(1, then + 90 * 86_400_000)
    if (key === undefined) throw new Error('no key')
    const revision = (await bench.get(key, then))?.revision
    if (revision === undefined) throw new Error('the record is gone')
    await bench.commit([{ type: 'replace', key, revision, value: 1, expiresAt: then + 1000 }], then)
    expect(await sweeper.sweep({ now: later, limit: 100 })).toBe(1)
  })

  it('DS-05 counts no record twice when several sweep at once', async (context) => {
    const sweeper = bench.sweeper(context)
    await drain(sweeper)
    await insertMany(200, then + 1000)
    const counts = await Promise.all([60, 60, 60, 60].map((limit) => sweeper.sweep({ now: later, limit })))
    const rest = await sweeper.sweep({ now: later, limit: 1000 })
    expect(counts.reduce((sum, count) => sum + count, rest)).toBe(200)
    expect(Math.max(...counts)).toBeLessThanOrEqual(60)
  })

  it('removes thousands in one call when told to', async (context) => {
    const sweeper = bench.sweeper(context)
    await drain(sweeper)
    for (let round = 0; round < 5; round++) await insertMany(500, then + 1000)
    expect(await sweeper.sweep({ now: later, limit: 10_000 })).toBe(2500)
  })

  it('refuses a malformed limit or instant with a TypeError', async (context) => {
    const sweeper = bench.sweeper(context)
    for (const limit of [0, -1, 1.5, Number.NaN, Infinity])
      await expect(sweeper.sweep({ now: then, limit })).rejects.toThrow(TypeError)
    await expect(sweeper.sweep({ now: Number.NaN, limit: 1 })).rejects.toThrow(TypeError)
  })
}

/** Removes what earlier runs on the same database left behind. */
async function drain(sweeper: Sweeper): Promise<void> {
  while ((await sweeper.sweep({ now: later, limit: 1000 })) > 0);
}
