import { expect, it } from 'vitest'
import { freshPartition, t0 } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

/** Expiry by the instant that is passed in, and by nothing else. */
export function expiryTests(bench: Bench): void {
  it('CC-20 a record is there until the millisecond before its expiry and absent from then on', async () => {
    const key = freshPartition()()
    await bench.put(key, 'A', t0 + 1000)
    expect(await bench.get(key, t0 + 999)).toMatchObject({ value: 'A', expiresAt: t0 + 1000 })
    expect(await bench.get(key, t0 + 1000)).toBeUndefined()
    expect(await bench.get(key, t0 + 1001)).toBeUndefined()
  })

  it.each([1_000, 4_000_000_000_000])(
    'CC-20 judges by the instant passed in when that is %i',
    async (now) => {
      const key = freshPartition()()
      expect(await bench.commit([{ type: 'insert', key, value: 'A', expiresAt: now + 1000 }], now)).toBe(true)
      const stored = await bench.get(key, now + 999)
      expect(stored?.value).toBe('A')
      expect(await bench.get(key, now + 1000)).toBeUndefined()
    },
  )

  it('a record without expiry never expires', async () => {
    const key = freshPartition()()
    await bench.put(key, 'A', null)
    expect(await bench.get(key, 8_000_000_000_000_000)).toMatchObject({ value: 'A', expiresAt: null })
  })

  it('an expired record is absent among live ones in one read', async () => {
    const at = freshPartition()
    await bench.put(at('live'), 1, t0 + 2000)
    await bench.put(at('expired'), 2, t0 + 1000)
    await bench.put(at('eternal'), 3)
    const stored = await bench.storage.get([at('expired'), at('live'), at('eternal')], t0 + 1000)
    expect(stored.map((record) => record?.value)).toEqual([undefined, 1, 3])
  })

  it('insert fails until the millisecond before the expiry and takes the place of the record from then on', async () => {
    const key = freshPartition()()
    const old = await bench.put(key, 'old', t0 + 1000)
    const insert = { type: 'insert', key, value: 'new', expiresAt: t0 + 9000 } as const
    expect(await bench.commit([insert], t0 + 999)).toBe(false)
    expect(await bench.commit([insert], t0 + 1000)).toBe(true)
    const anew = await bench.get(key, t0 + 1000)
    expect(anew).toMatchObject({ value: 'new', expiresAt: t0 + 9000 })
    expect(anew?.revision).not.toBe(old.revision)
  })

  it('insert without expiry takes the place of an expired record for good', async () => {
    const key = freshPartition()()
    await bench.put(key, 'old', t0 + 1000)
    await bench.commit([{ type: 'insert', key, value: 'new', expiresAt: null }], t0 + 1000)
    expect(await bench.get(key, t0 + 1_000_000)).toMatchObject({ value: 'new', expiresAt: null })
  })

  it('replace, check and delete with a revision hold until the millisecond before the expiry only', async () => {
    const key = freshPartition()()
    const { revision } = await bench.put(key, 'A', t0 + 1000)
    const check = { type: 'check', key, revision } as const
    expect(await bench.commit([check], t0 + 999)).toBe(true)
    expect(await bench.commit([check], t0 + 1000)).toBe(false)
    const replace = { type: 'replace', key, revision, value: 'B', expiresAt: null } as const
    expect(await bench.commit([replace], t0 + 1000)).toBe(false)
    expect(await bench.commit([{ type: 'delete', key, revision }], t0 + 1000)).toBe(false)
    expect(await bench.get(key, t0 + 1000)).toBeUndefined()
  })

  it('delete without a revision is true for an expired record', async () => {
    const key = freshPartition()()
    await bench.put(key, 'A', t0 + 1000)
    expect(await bench.commit([{ type: 'delete', key }], t0 + 1000)).toBe(true)
    expect(await bench.get(key, t0 + 999)).toBeUndefined()
  })

  it('replace sets the expiry anew: later, earlier, never, and some time again', async () => {
    const key = freshPartition()()
    await bench.put(key, 0, t0 + 10_000)
    for (const expiresAt of [t0 + 90_000_000, t0 + 5000, null, t0 + 7000]) {
      const revision = (await bench.get(key))?.revision
      if (revision === undefined) throw new Error('the record is gone')
      expect(await bench.commit([{ type: 'replace', key, revision, value: 1, expiresAt }])).toBe(true)
      expect((await bench.get(key))?.expiresAt).toBe(expiresAt)
    }
    expect(await bench.get(key, t0 + 6999)).toBeDefined()
    expect(await bench.get(key, t0 + 7000)).toBeUndefined()
  })

  it('a record written with an expiry that has come is absent at once', async () => {
    const at = freshPartition()
    expect(await bench.commit([{ type: 'insert', key: at('a'), value: 1, expiresAt: t0 }])).toBe(true)
    expect(await bench.get(at('a'))).toBeUndefined()
    const { revision } = await bench.put(at('b'), 1)
    await bench.commit([{ type: 'replace', key: at('b'), revision, value: 2, expiresAt: t0 - 1 }])
    expect(await bench.get(at('b'))).toBeUndefined()
  })

  it('keeps instants exactly', async () => {
    const at = freshPartition()
    for (const expiresAt of [t0 + 1, t0 + 123_456_789, 8_640_000_000_000_000, Number.MAX_SAFE_INTEGER])
      expect((await bench.put(at(String(expiresAt)), 1, expiresAt)).expiresAt).toBe(expiresAt)
  })
}
