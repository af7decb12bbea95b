import { expect, it } from 'vitest'
import { createReplayStore } from '../replay-store.ts'
import { freshPartition, t0, winners } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

/** The replay store over this driver. */
export function replayTests(bench: Bench): void {
  const replay = () => createReplayStore(bench.storage)
  const namespace = () => freshPartition()().partition

  it('CC-04 of 200 parallel presentations of one id exactly one is the first', async () => {
    const [store, space] = [replay(), namespace()]
    expect(await winners(200, () => store.once(space, 'jti-1', t0 + 60_000, t0))).toBe(1)
  })

  it('CC-04 two stores over one storage know of each other', async () => {
    const [one, other, space] = [replay(), replay(), namespace()]
    const first = await winners(100, (index) =>
      (index % 2 === 0 ? one : other).once(space, 'jti', t0 + 60_000, t0),
    )
    expect(first).toBe(1)
  })

  it('knows an id in its own namespace only', async () => {
    const store = replay()
    const [one, other] = [namespace(), namespace()]
    expect(await store.once(one, 'jti', t0 + 60_000, t0)).toBe(true)
    expect(await store.once(other, 'jti', t0 + 60_000, t0)).toBe(true)
    expect(await store.once(one, 'jti', t0 + 60_000, t0)).toBe(false)
    expect(await store.once(one, 'jti2', t0 + 60_000, t0)).toBe(true)
  })

  it('remembers an id until the millisecond before its expiry', async () => {
    const [store, space] = [replay(), namespace()]
    expect(await store.once(space, 'jti', t0 + 1000, t0)).toBe(true)
    expect(await store.once(space, 'jti', t0 + 9000, t0 + 999)).toBe(false)
    expect(await store.once(space, 'jti', t0 + 9000, t0 + 1000)).toBe(true)
  })

  it('CK-02 a clock set back does not make a remembered id new', async () => {
    const [store, space] = [replay(), namespace()]
    expect(await store.once(space, 'jti', t0 + 300_000, t0)).toBe(true)
    expect(await store.once(space, 'jti', t0 + 300_000 - 3_600_000, t0 - 3_600_000)).toBe(false)
  })

  it('takes ids of any length and content', async () => {
    const [store, space] = [replay(), namespace()]
    const ids = [
      'x'.repeat(10_240),
      `${'x'.repeat(10_239)}y`,
      'a\0b',
      'a',
      '__proto__',
      '\ud83d',
      "'; --",
      ' ',
    ]
    for (const id of ids) expect([id, await store.once(space, id, t0 + 1000, t0)]).toEqual([id, true])
    for (const id of ids) expect([id, await store.once(space, id, t0 + 1000, t0)]).toEqual([id, false])
  })

  it('accepts nothing that it could not remember', async () => {
    const [store, space] = [replay(), namespace()]
    expect(await store.once(space, 'jti', t0, t0)).toBe(false)
    expect(await store.once(space, 'jti', t0 - 1, t0)).toBe(false)
    await expect(store.once(space, 'jti', Number.NaN, t0)).rejects.toThrow(TypeError)
    await expect(store.once(space, 'jti', t0 + 1, Number.NaN)).rejects.toThrow(TypeError)
    await expect(store.once(space, '', t0 + 1, t0)).rejects.toThrow(TypeError)
    await expect(store.once('', 'jti', t0 + 1, t0)).rejects.toThrow(TypeError)
  })
}
