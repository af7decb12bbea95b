import { expect, it } from 'vitest'
import { createCounter } from '../counter.ts'
import { freshPartition, t0, winners } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

/** The counter over this driver. */
export function counterTests(bench: Bench): void {
  const counter = () => createCounter(bench.storage)
  const fresh = () => freshPartition()().partition
  const rule = { window: 60, limit: 3, now: t0 }

  it('counts up to the limit and refuses from then on', async () => {
    const [subject, key] = [counter(), fresh()]
    const hits = [1, 2, 3, 4, 5].map(() => subject.hit(key, rule))
    const resetAt = t0 + 60_000
    expect(await Promise.all(hits)).toEqual([
      { allowed: true, count: 1, resetAt },
      { allowed: true, count: 2, resetAt },
      { allowed: true, count: 3, resetAt },
      { allowed: false, count: 3, resetAt },
      { allowed: false, count: 3, resetAt },
    ])
    expect(await subject.hit(key, { ...rule, now: t0 + 1 })).toEqual({ allowed: false, count: 3, resetAt })
  })

  it('begins a new window when the old one is over, not a millisecond earlier', async () => {
    const [subject, key] = [counter(), fresh()]
    await Promise.all([1, 2, 3].map(() => subject.hit(key, rule)))
    expect((await subject.hit(key, { ...rule, now: t0 + 59_999 })).allowed).toBe(false)
    expect(await subject.hit(key, { ...rule, now: t0 + 60_000 })).toEqual({
      allowed: true,
      count: 1,
      resetAt: t0 + 120_000,
    })
  })

  it('a hit does not move the end of the window', async () => {
    const [subject, key] = [counter(), fresh()]
    await subject.hit(key, rule)
    expect((await subject.hit(key, { ...rule, now: t0 + 30_000 })).resetAt).toBe(t0 + 60_000)
  })

  it('keeps keys and namespaces apart', async () => {
    const [one, other] = [fresh(), fresh()]
    const once = { ...rule, limit: 1 }
    expect((await counter().hit(one, once)).allowed).toBe(true)
    expect((await counter().hit(other, once)).allowed).toBe(true)
    expect((await createCounter(bench.storage, { namespace: fresh() }).hit(one, once)).allowed).toBe(true)
    expect((await counter().hit(one, once)).allowed).toBe(false)
  })

  it('DS-07 of 200 parallel hits exactly the limit is allowed, each with its own count', async () => {
    const [subject, key] = [counter(), fresh()]
    const hits = await Promise.all(
      Array.from({ length: 200 }, () => subject.hit(key, { window: 60, limit: 70, now: t0 })),
    )
    const counts = hits.filter(({ allowed }) => allowed).map(({ count }) => count)
    expect(counts.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 70 }, (_, index) => index + 1),
    )
  })

  it('DS-07 several counters over one storage are exact together', async () => {
    const key = fresh()
    const counters = [counter(), counter(), counter(), counter()]
    const allowed = await winners(200, async (index) => {
      const hit = await counters[index % 4]?.hit(key, { window: 60, limit: 150, now: t0 + index })
      return hit?.allowed === true
    })
    expect(allowed).toBe(150)
  })

  it('parallel hits with different clocks are each judged by their own', async () => {
    const [subject, key] = [counter(), fresh()]
    const hits = await Promise.all(
      [0, 30_000, 59_999, 60_000].map((offset) => subject.hit(key, { ...rule, limit: 2, now: t0 + offset })),
    )
    expect(hits.map(({ allowed, count }) => [allowed, count])).toEqual([
      [true, 1],
      [true, 2],
      [false, 2],
      [true, 1],
    ])
  })

  it('allows nothing with a limit of zero', async () => {
    expect(await counter().hit(fresh(), { ...rule, limit: 0 })).toMatchObject({ allowed: false, count: 0 })
  })

  it('takes keys of any length and content', async () => {
    const subject = counter()
    for (const key of [`${fresh()}${'x'.repeat(10_240)}`, `${fresh()}\0`, `${fresh()}\ud83d`])
      expect((await subject.hit(key, rule)).count).toBe(1)
  })

  it.each([
    { window: 0 }, { window: -1 }, { window: Number.NaN }, { window: Infinity }, { limit: -1 }, { limit: 1.5 },
    { limit: Number.NaN }, { now: Number.NaN }, { now: 1.5 },
  ])('CK-04 refuses %o with a TypeError', async (wrong) => {
    await expect(counter().hit(fresh(), { ...rule, ...wrong })).rejects.toThrow(TypeError)
  }) // prettier-ignore
}
