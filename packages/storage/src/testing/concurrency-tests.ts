import { expect, it } from 'vitest'
import type { Operation } from '../operation.ts'
import { createRevision } from '../revision.ts'
import { freshPartition, t0, winners } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

/** Races: exactly one winner where there may be only one, no loser where there is nothing to lose. */
export function concurrencyTests(bench: Bench): void {
  it('CC-04 of 200 parallel inserts of one key exactly one succeeds', async () => {
    const key = freshPartition()()
    const won = await winners(200, (value) => bench.commit([{ type: 'insert', key, value, expiresAt: null }]))
    expect(won).toBe(1)
  })

  it('of 200 parallel inserts over one expired record exactly one succeeds', async () => {
    const key = freshPartition()()
    await bench.put(key, 'old', t0 + 1)
    const insert = { type: 'insert', key, expiresAt: t0 + 9000 } as const
    expect(await winners(200, (value) => bench.commit([{ ...insert, value }], t0 + 1))).toBe(1)
  })

  it('of 200 parallel replaces with one revision exactly one succeeds, and its value is there', async () => {
    const key = freshPartition()()
    const { revision } = await bench.put(key, 'start')
    const won: number[] = []
    await winners(200, async (value) => {
      const done = await bench.commit([{ type: 'replace', key, revision, value, expiresAt: null }])
      if (done) won.push(value)
      return done
    })
    expect(won).toEqual([(await bench.get(key))?.value])
  })

  it('of 200 parallel deletes with one revision exactly one succeeds', async () => {
    const key = freshPartition()()
    const { revision } = await bench.put(key, 'start')
    expect(await winners(200, () => bench.commit([{ type: 'delete', key, revision }]))).toBe(1)
  })

  it('of 100 parallel commits that consume one record and insert another exactly one leaves its trace', async () => {
    const at = freshPartition()
    const { revision } = await bench.put(at('code'), 'unused')
    const tokens = Array.from({ length: 100 }, (_, index) => at(`token${index}`))
    const won = await winners(100, (index) =>
      bench.commit([
        { type: 'insert', key: at(`token${index}`), value: index, expiresAt: null },
        { type: 'replace', key: at('code'), revision, value: 'used', expiresAt: null },
      ]),
    )
    expect(won).toBe(1)
    expect((await bench.storage.get(tokens, t0)).filter((stored) => stored !== undefined)).toHaveLength(1)
  })

  it('200 parallel commits on different keys of one partition all succeed', async () => {
    const at = freshPartition()
    const insert = (id: string): Operation => ({ type: 'insert', key: at(id), value: id, expiresAt: null })
    expect(await winners(100, (index) => bench.commit([insert(`one${index}`)]))).toBe(100)
    expect(await winners(100, (index) => bench.commit([insert(`a${index}`), insert(`b${index}`)]))).toBe(100)
  })

  it('100 parallel commits that only check one record all succeed', async () => {
    const at = freshPartition()
    const { revision } = await bench.put(at('checked'), 1)
    const won = await winners(100, (index) =>
      bench.commit([
        { type: 'check', key: at('checked'), revision },
        { type: 'insert', key: at(`r${index}`), value: 1, expiresAt: null },
      ]),
    )
    expect(won).toBe(100)
  })

  it('of two commits that each check what the other replaces exactly one succeeds (no write skew)', async () => {
    for (let round = 0; round < 25; round++) {
      const at = freshPartition()
      const [a, b] = [await bench.put(at('a'), 0), await bench.put(at('b'), 0)]
      const pairs = [
        [a, b],
        [b, a],
      ] as const
      const attempt = ([checked, replaced]: (typeof pairs)[number]) =>
        bench.commit([
          { type: 'check', key: checked.key, revision: checked.revision },
          { type: 'replace', key: replaced.key, revision: replaced.revision, value: 1, expiresAt: null },
        ])
      expect((await Promise.all(pairs.map(attempt))).filter(Boolean)).toHaveLength(1)
    }
  })

  it('of two commits that replace the same records in opposite order exactly one succeeds', async () => {
    for (let round = 0; round < 25; round++) {
      const at = freshPartition()
      const records = [await bench.put(at('a'), 0), await bench.put(at('b'), 0), await bench.put(at('c'), 0)]
      const attempt = (value: string, order: typeof records) =>
        bench.commit(
          order.map(({ key, revision }): Operation => ({
            type: 'replace',
            key,
            revision,
            value,
            expiresAt: null,
          })) as [Operation],
        )
      const won = await Promise.all([attempt('forth', records), attempt('back', records.toReversed())])
      expect(won.filter(Boolean)).toHaveLength(1)
      const values = (
        await bench.storage.get(
          records.map(({ key }) => key),
          t0,
        )
      ).map((stored) => stored?.value)
      expect(new Set(values).size).toBe(1)
    }
  })

  it('a replace that races a delete never brings the record back', async () => {
    for (let round = 0; round < 25; round++) {
      const key = freshPartition()()
      const { revision } = await bench.put(key, 0)
      const replace = (value: number) =>
        bench.commit([{ type: 'replace', key, revision, value, expiresAt: null }])
      await Promise.all([
        replace(1),
        replace(2),
        bench.commit([{ type: 'delete', key }]),
        replace(3),
        replace(4),
      ])
      expect(await bench.get(key)).toBeUndefined()
    }
  })

  it('compare-and-set loops that run in parallel lose no update', async () => {
    const key = freshPartition()()
    await bench.put(key, 0)
    const increment = async (): Promise<boolean> => {
      for (;;) {
        const stored = await bench.get(key)
        const revision = stored?.revision ?? createRevision()
        const value = Number(stored?.value) + 1
        if (await bench.commit([{ type: 'replace', key, revision, value, expiresAt: null }])) return true
      }
    }
    await winners(20, increment)
    expect((await bench.get(key))?.value).toBe(20)
  })

  it('a read never sees half of a commit', async () => {
    const at = freshPartition()
    const keys = [at('a'), at('b')]
    await Promise.all(keys.map((key) => bench.put(key, 0)))
    const write = async (value: number): Promise<void> => {
      const stored = await bench.storage.get(keys, t0)
      const operations = stored.map((record): Operation => {
        if (record === undefined) throw new Error('the record is gone')
        return { type: 'replace', key: record.key, revision: record.revision, value, expiresAt: null }
      })
      await bench.commit(operations as [Operation, ...Operation[]])
    }
    const read = async (): Promise<void> => {
      const [a, b] = await bench.storage.get(keys, t0)
      expect(a?.value).toBe(b?.value)
    }
    await Promise.all(Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? write(index) : read())))
  })
}
