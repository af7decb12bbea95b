import { expect, it } from 'vitest'
import { createRevision } from '../revision.ts'
import { freshPartition, t0 } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

/** When each operation applies and when it makes the commit fail. */
export function conditionTests(bench: Bench): void {
  it('insert writes a record that is absent', async () => {
    const key = freshPartition()()
    expect(await bench.commit([{ type: 'insert', key, value: { n: 1 }, expiresAt: t0 + 5000 }])).toBe(true)
    const stored = await bench.get(key)
    expect(stored).toEqual({ key, value: { n: 1 }, revision: expect.any(String), expiresAt: t0 + 5000 })
  })

  it('insert fails on a live record and leaves it as it is', async () => {
    const key = freshPartition()()
    const before = await bench.put(key, 'first')
    expect(await bench.commit([{ type: 'insert', key, value: 'second', expiresAt: null }])).toBe(false)
    expect(await bench.get(key)).toEqual(before)
  })

  it('replace writes value, expiry and a new revision when the revision is the one that was read', async () => {
    const key = freshPartition()()
    const { revision } = await bench.put(key, 'first')
    const expiresAt = t0 + 7000
    expect(await bench.commit([{ type: 'replace', key, revision, value: 'second', expiresAt }])).toBe(true)
    const after = await bench.get(key)
    expect(after).toMatchObject({ value: 'second', expiresAt })
    expect(after?.revision).not.toBe(revision)
  })

  it('replace fails with any other revision and leaves the record as it is', async () => {
    const key = freshPartition()()
    const first = await bench.put(key, 'first')
    await bench.commit([{ type: 'replace', key, revision: first.revision, value: 'second', expiresAt: null }])
    const before = await bench.get(key)
    for (const revision of [first.revision, createRevision()])
      expect(await bench.commit([{ type: 'replace', key, revision, value: 'x', expiresAt: null }])).toBe(
        false,
      )
    expect(await bench.get(key)).toEqual(before)
  })

  it('replace of an absent record fails and writes nothing', async () => {
    const key = freshPartition()()
    const revision = createRevision()
    expect(await bench.commit([{ type: 'replace', key, revision, value: 1, expiresAt: null }])).toBe(false)
    expect(await bench.get(key)).toBeUndefined()
  })

  it('check holds only for the revision that was read, and writes nothing', async () => {
    const key = freshPartition()()
    const before = await bench.put(key, 'first')
    expect(await bench.commit([{ type: 'check', key, revision: before.revision }])).toBe(true)
    expect(await bench.commit([{ type: 'check', key, revision: createRevision() }])).toBe(false)
    expect(await bench.get(key)).toEqual(before)
  })

  it('check of an absent record fails', async () => {
    const key = freshPartition()()
    expect(await bench.commit([{ type: 'check', key, revision: createRevision() }])).toBe(false)
  })

  it('delete without a revision removes the record, and is true when there is none', async () => {
    const key = freshPartition()()
    await bench.put(key, 'first')
    expect(await bench.commit([{ type: 'delete', key }])).toBe(true)
    expect(await bench.get(key)).toBeUndefined()
    expect(await bench.commit([{ type: 'delete', key }])).toBe(true)
  })

  it('delete with a revision removes the record once', async () => {
    const key = freshPartition()()
    const { revision } = await bench.put(key, 'first')
    expect(await bench.commit([{ type: 'delete', key, revision: createRevision() }])).toBe(false)
    expect(await bench.get(key)).toBeDefined()
    expect(await bench.commit([{ type: 'delete', key, revision }])).toBe(true)
    expect(await bench.get(key)).toBeUndefined()
    expect(await bench.commit([{ type: 'delete', key, revision }])).toBe(false)
  })

  it('every write gives a new revision, also when it writes the same value', async () => {
    const key = freshPartition()()
    const seen = new Set([(await bench.put(key, 'same')).revision])
    for (let write = 1; write < 10; write++) {
      const revision = (await bench.get(key))?.revision ?? createRevision()
      await bench.commit([{ type: 'replace', key, revision, value: 'same', expiresAt: null }])
      seen.add((await bench.get(key))?.revision ?? revision)
    }
    expect(seen.size).toBe(10)
  })

  it('a revision is not used again after delete and insert, so a stale replace, check or delete fails', async () => {
    const key = freshPartition()()
    const stale = await bench.put(key, 'same')
    await bench.commit([{ type: 'delete', key }])
    const anew = await bench.put(key, 'same')
    const { revision } = stale
    expect(await bench.commit([{ type: 'replace', key, revision, value: 'stale', expiresAt: null }])).toBe(
      false,
    )
    expect(await bench.commit([{ type: 'check', key, revision }])).toBe(false)
    expect(await bench.commit([{ type: 'delete', key, revision }])).toBe(false)
    expect(await bench.get(key)).toEqual(anew)
  })

  it('the revision of one record does not fit another', async () => {
    const at = freshPartition()
    const { revision } = await bench.put(at('a'), 'same')
    const before = await bench.put(at('b'), 'same')
    expect(await bench.commit([{ type: 'replace', key: at('b'), revision, value: 1, expiresAt: null }])).toBe(
      false,
    )
    expect(await bench.get(at('b'))).toEqual(before)
  })
}
