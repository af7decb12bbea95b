import { expect, it } from 'vitest'
import type { Key } from '../key.ts'
import type { Operation } from '../operation.ts'
import type { Revision } from '../revision.ts'
import { freshPartition, t0 } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

/** Texts that different layers of a database like to confuse. Each must be a key of its own. */
export const hostileIds: readonly string[] = [
  'a', 'A', 'a ', ' a', 'a\t', 'a\n', 'á', 'a\u0301', 'ａ', 'ß', 'ss', 'ı', 'i', 'İ',
  '1', '01', '1.0', '1e0', '0', '-0', 'null', 'undefined', 'NaN', 'true', '[object Object]',
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'size', '$where', '$1', '?1', ':a', '@a',
  "'", "''", '"', '`', '\\', "\\'", "'; drop table gatewright_records; --", '%', '_', '*', '?', '[a]', 'a%', 'a_',
  ':', 'a:b', 'a::b', '/', '../a', 'a/b', '.', '..', '{', '}', '{a}', '{}', '#', '&', '+', ' ', '\u00a0', '\ufeff',
  '\u0001', '\u001f', '\u007f', '\u0085', '\u2028', '\u200b', '\u202e', '\ufffd', '\uffff', '\u{10000}', '\u{10ffff}',
  '😀', '👩‍👩‍👧', 'مرحبا', '日本語', '\r\nSET x y\r\n', '${id}', '<script>', 'x'.repeat(700), `${'x'.repeat(699)}y`,
] // prettier-ignore

/** Texts that no key may contain. */
export const unstorableParts: Readonly<Record<string, unknown>> = {
  'an empty text': '',
  NUL: 'a\0b',
  'only NUL': '\0',
  'a lone high surrogate': 'a\ud83d',
  'a lone low surrogate': '\ude00a',
  'swapped surrogates': '\ude00\ud83d',
  '801 characters': 'x'.repeat(801),
  '10 KB': 'x'.repeat(10_240),
  'a number': 1,
  undefined,
  null: null,
  'an array': ['a'],
  'an object': { toString: () => 'a' },
}

/** Keys: which are refused, and that no two of the others are ever taken for one. */
export function keyTests(bench: Bench): void {
  const insert = (key: Key, value: number): Operation => ({ type: 'insert', key, value, expiresAt: null })

  it('CC-17 keeps records with hostile ids apart', async () => {
    const at = freshPartition()
    for (const [index, id] of hostileIds.entries())
      expect([id, await bench.commit([insert(at(id), index)])]).toEqual([id, true])
    const stored = await bench.storage.get(
      hostileIds.map((id) => at(id)),
      t0,
    )
    expect(stored.map((record) => [record?.key.id, record?.value])).toEqual(
      hostileIds.map((id, index) => [id, index]),
    )
  })

  it('CC-17 keeps hostile partitions and collections apart', async () => {
    const { partition } = freshPartition()()
    const names = hostileIds.filter((id) => id.length < 100)
    const keys = names.flatMap((name) => [
      { partition: `${partition}${name}`, collection: 'c', id: 'i' },
      { partition, collection: name, id: 'i' },
    ])
    for (const [index, key] of keys.entries())
      expect([key, await bench.commit([insert(key, index)])]).toEqual([key, true])
    expect((await bench.storage.get(keys, t0)).map((record) => record?.value)).toEqual([...keys.keys()])
  })

  it('CC-17 a call with one key touches no record that shares only two of its parts', async () => {
    const key = freshPartition()()
    const others = [
      { ...key, partition: `${key.partition}x` },
      { ...key, collection: `${key.collection}x` },
      { ...key, id: `${key.id}x` },
    ]
    for (const [index, other] of others.entries()) await bench.commit([insert(other, index)])
    expect(await bench.get(key)).toBeUndefined()
    for (const other of others) {
      const revision = (await bench.get(other))?.revision ?? ('none' as Revision)
      expect(await bench.commit([{ type: 'check', key, revision }])).toBe(false)
      expect(await bench.commit([{ type: 'replace', key, revision, value: 9, expiresAt: null }])).toBe(false)
      expect(await bench.commit([{ type: 'delete', key, revision }])).toBe(false)
    }
    await bench.commit([{ type: 'delete', key }])
    expect(await bench.commit([insert(key, 9)])).toBe(true)
    const stored = await Promise.all([...others, key].map((one) => bench.get(one)))
    expect(stored.map((record) => record?.value)).toEqual([0, 1, 2, 9])
  })

  it('does not confuse where one part of a key ends and the next begins', async () => {
    const { partition } = freshPartition()()
    const cuts = [':', '/', '|', ' ', '\u0001', '\u001f', '}{', '{}', '","', ''].flatMap((cut) => [
      { partition, collection: `b${cut}c`, id: 'd' },
      { partition, collection: 'b', id: `c${cut}d` },
      { partition: `${partition}${cut}b`, collection: 'c', id: 'd' },
    ])
    const keys = cuts.filter((key, index) => cuts.findIndex((other) => same(key, other)) === index)
    for (const [index, key] of keys.entries())
      expect([key, await bench.commit([insert(key, index)])]).toEqual([key, true])
    expect((await bench.storage.get(keys, t0)).map((record) => record?.value)).toEqual([...keys.keys()])
  })

  it('stores a key of 800 characters in all, also of the longest ones', async () => {
    const at = freshPartition()
    const { partition, collection } = at()
    const room = 800 - partition.length - collection.length
    for (const id of ['x'.repeat(room), '日'.repeat(room), '😀'.repeat(Math.floor(room / 2))]) {
      expect(await bench.commit([insert(at(id), id.length)])).toBe(true)
      expect((await bench.get(at(id)))?.key.id).toBe(id)
    }
    await expect(bench.commit([insert(at('x'.repeat(room + 1)), 1)])).rejects.toThrow(TypeError)
  })

  it.each(Object.keys(unstorableParts))(
    'CC-17 refuses %s in a key with a TypeError, on reading too',
    async (name) => {
      const key = freshPartition()()
      const part = unstorableParts[name] as string
      for (const bad of [
        { ...key, partition: part },
        { ...key, collection: part },
        { ...key, id: part },
      ]) {
        await expect(bench.storage.get([key, bad], t0)).rejects.toThrow(TypeError)
        await expect(bench.commit([{ type: 'delete', key: bad }])).rejects.toThrow(TypeError)
        await expect(bench.commit([insert(bad, 1)])).rejects.toThrow(TypeError)
      }
    },
  )

  it('PV-02 does not repeat a refused key in the error', async () => {
    const key = { ...freshPartition()(), id: 'very-secret\0' }
    const error: unknown = await bench.storage.get([key], t0).catch((reason: unknown) => reason)
    expect(String(error)).not.toContain('very-secret')
  })
}

function same(one: Key, other: Key): boolean {
  return one.partition === other.partition && one.collection === other.collection && one.id === other.id
}
