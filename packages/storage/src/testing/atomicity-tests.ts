import { describe, expect, it } from 'vitest'
import type { Json } from '../json.ts'
import type { Key } from '../key.ts'
import type { Operation } from '../operation.ts'
import { createRevision } from '../revision.ts'
import { freshPartition, t0 } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

/** All or nothing, whatever fails and wherever, and what is no commit at all. */
export function atomicityTests(bench: Bench): void {
  /** Three records, and one operation of each kind that holds. */
  async function scene() {
    const at = freshPartition()
    const keys = ['replaced', 'checked', 'deleted', 'inserted'].map((id) => at(id))
    const [replaced, checked, deleted] = await Promise.all(
      keys.slice(0, 3).map((key) => bench.put(key, key.id)),
    )
    if (replaced === undefined || checked === undefined || deleted === undefined) throw new Error('no scene')
    const operations: [Operation, ...Operation[]] = [
      { type: 'replace', key: at('replaced'), revision: replaced.revision, value: 'new', expiresAt: null },
      { type: 'check', key: at('checked'), revision: checked.revision },
      { type: 'delete', key: at('deleted'), revision: deleted.revision },
      { type: 'insert', key: at('inserted'), value: 'new', expiresAt: null },
    ]
    return { at, keys, operations, read: () => bench.storage.get(keys, t0) }
  }

  it('applies all operations of a commit whose conditions all hold', async () => {
    const { operations, read } = await scene()
    expect(await bench.commit(operations)).toBe(true)
    expect((await read()).map((stored) => stored?.value)).toEqual(['new', 'checked', undefined, 'new'])
  })

  it('leaves the record that was only checked, with its revision', async () => {
    const { at, operations } = await scene()
    const before = await bench.get(at('checked'))
    await bench.commit(operations)
    expect(await bench.get(at('checked'))).toEqual(before)
  })

  const failing = (key: Key, taken: Key): Record<string, Operation> => ({
    insert: { type: 'insert', key: taken, value: 'x', expiresAt: null },
    replace: { type: 'replace', key, revision: createRevision(), value: 'x', expiresAt: null },
    check: { type: 'check', key, revision: createRevision() },
    delete: { type: 'delete', key, revision: createRevision() },
  })
  describe.each(['insert', 'replace', 'check', 'delete'])('a failing %s', (type) => {
    it.each([0, 1, 2, 3, 4])('in position %i leaves nothing of the other operations', async (position) => {
      const { at, operations, read } = await scene()
      const taken = at('taken')
      await bench.put(taken, 'there')
      const before = await read()
      const operation = failing(at('absent'), taken)[type]
      if (operation === undefined) throw new Error('no such operation')
      const all = operations.toSpliced(position, 0, operation) as [Operation, ...Operation[]]
      expect(await bench.commit(all)).toBe(false)
      expect(await read()).toEqual(before)
    })
  })

  it('an unconditional delete of an absent record does not make the others fail', async () => {
    const { at, operations, read } = await scene()
    expect(await bench.commit([{ type: 'delete', key: at('absent') }, ...operations])).toBe(true)
    expect((await read())[3]?.value).toBe('new')
  })

  it('applies a commit of 300 operations', async () => {
    const at = freshPartition()
    const keys = Array.from({ length: 300 }, (_, index) => at(`r${index}`))
    const inserts = keys.map((key): Operation => ({ type: 'insert', key, value: key.id, expiresAt: null }))
    expect(await bench.commit(inserts as [Operation, ...Operation[]])).toBe(true)
    const stored = await bench.storage.get(keys, t0)
    expect(stored.map((record) => record?.value)).toEqual(keys.map((key) => key.id))
  })

  it('refuses a commit without operations with a TypeError', async () => {
    await expect(bench.commit([] as unknown as [Operation])).rejects.toThrow(TypeError)
  })

  it('refuses a commit over two partitions with a TypeError and writes nothing', async () => {
    const [here, there] = [freshPartition()('a'), freshPartition()('b')]
    const insert = (key: Key): Operation => ({ type: 'insert', key, value: 1, expiresAt: null })
    await expect(bench.commit([insert(here), insert(there)])).rejects.toThrow(TypeError)
    expect(await bench.storage.get([here, there], t0)).toEqual([undefined, undefined])
  })

  it('refuses a commit that names a key twice with a TypeError and writes nothing', async () => {
    const at = freshPartition()
    const [key, other] = [at(), at('b')]
    const insert = (key: Key): Operation => ({ type: 'insert', key, value: 1, expiresAt: null })
    await expect(bench.commit([insert(key), insert(other), { type: 'delete', key }])).rejects.toThrow(
      TypeError,
    )
    expect(await bench.storage.get([key, other], t0)).toEqual([undefined, undefined])
  })

  const malformed: Record<string, (key: Key) => object> = {
    'an unknown type': (key) => ({ type: 'upsert', key, value: 1, expiresAt: null }),
    'a value that JSON cannot express': (key) => ({ type: 'insert', key, value: undefined, expiresAt: null }),
    'an expiry that is NaN': (key) => ({ type: 'insert', key, value: 1, expiresAt: Number.NaN }),
    'an expiry that is infinite': (key) => ({ type: 'insert', key, value: 1, expiresAt: Infinity }),
    'an expiry that is text': (key) => ({ type: 'insert', key, value: 1, expiresAt: '60' }),
    'no expiry at all': (key) => ({ type: 'insert', key, value: 1 }),
    'a check without a revision': (key) => ({ type: 'check', key }),
    'a replace without a revision': (key) => ({ type: 'replace', key, value: 1, expiresAt: null }),
    'a delete whose revision got lost': (key) => ({ type: 'delete', key, revision: undefined }),
  }
  it.each(Object.keys(malformed))('refuses %s with a TypeError and writes nothing', async (name) => {
    const at = freshPartition()
    await bench.put(at('bad'), 'before')
    const valid: Operation = { type: 'insert', key: at('good'), value: 1 satisfies Json, expiresAt: null }
    const bad = malformed[name]?.(at('bad')) as Operation
    await expect(bench.commit([valid, bad])).rejects.toThrow(TypeError)
    const [good, kept] = await bench.storage.get([at('good'), at('bad')], t0)
    expect([good, kept?.value]).toEqual([undefined, 'before'])
  })

  it.each([Number.NaN, Infinity, 1.5, undefined, null, '0'])(
    'refuses the instant %s with a TypeError',
    async (now) => {
      const key = freshPartition()()
      await expect(bench.storage.get([key], now as number)).rejects.toThrow(TypeError)
      await expect(bench.storage.commit([{ type: 'delete', key }], now as number)).rejects.toThrow(TypeError)
    },
  )
}
