import { expect, it } from 'vitest'
import type { Json } from '../json.ts'
import { freshPartition, t0 } from './storage-under-test.ts'
import type { Bench } from './storage-under-test.ts'

interface Nested {
  readonly list: readonly (string | number)[]
  readonly inner?: { readonly flag: boolean; readonly nothing: null }
}

const faithful: Record<string, Json> = {
  'the empty text': '',
  'NUL in a text': 'a\0b',
  'lone surrogates in a text': '\ud83d and \ude00',
  'all kinds of characters':
    'ä 日本語 😀 \u2028 \u2029 \ufeff \ufffd \uffff " \' \\ / \b\f\n\r\t \u007f </script>',
  'text that looks like JSON': '{"a":1}',
  'text that looks like a number': '007',
  numbers: [
    0,
    1,
    -1,
    1.5,
    0.1 + 0.2,
    1e21,
    1e-7,
    5e-324,
    1.7976931348623157e308,
    9007199254740991,
    -9007199254740991,
  ],
  booleans: [true, false],
  null: null,
  'an empty array': [],
  'an empty object': {},
  'a nested record': { list: ['a', 1, ''], inner: { flag: false, nothing: null } } satisfies Nested,
  'hostile member names': {
    '': 1,
    'a b': 2,
    '1': 3,
    constructor: 4,
    toString: 5,
    'a\0b': 6,
    "'": 7,
    '😀': 8,
    $set: 9,
  },
  'hundred levels': Array.from({ length: 100 }).reduce<Json>((inner) => [{ inner }], 'bottom'),
  '100 KB of text': 'äx'.repeat(51_200),
  'an array of 10,000 numbers': Array.from({ length: 10_000 }, (_, index) => index),
}

/** Values: what comes back is what JSON makes of what was written, and nobody else can change it. */
export function valueTests(bench: Bench): void {
  it.each(Object.keys(faithful))('CC-17 gives %s back unchanged', async (name) => {
    const value = faithful[name] as Json
    expect((await bench.put(freshPartition()(), value)).value).toStrictEqual(value)
  })

  it('tells a record whose value is null from no record', async () => {
    const key = freshPartition()()
    expect(await bench.put(key, null)).toMatchObject({ key, value: null })
  })

  it('treats everything else as JSON does', async () => {
    const at = freshPartition()
    const values: Json[] = [
      { kept: 1, dropped: undefined, method: () => 1, inner: { dropped: undefined } },
      [undefined, () => 1, Symbol('s'), 1],
      [Number.NaN, Infinity, -Infinity],
      [-0],
      new Date(t0),
      { toJSON: () => ({ replaced: true }) },
      { toJSON: 1, inner: [{ toJSON: { deeper: 'a' } }], after: 2 },
      { map: new Map([[1, 2]]), bytes: new Uint8Array([1, 2]), text: Object('boxed') as object },
      { [Symbol('s')]: 1, visible: 2 },
      Object.assign(Object.create({ inherited: 1 }) as object, { own: 1 }),
      Object.assign(Object.create(null) as object, { own: 1 }),
      Array.from({ length: 3 }),
      Object.assign([1], { length: 3 }),
      Object.assign([1], { toJSON: () => 'replaced' }),
    ]
    for (const [index, value] of values.entries())
      expect((await bench.put(at(`v${index}`), value)).value).toStrictEqual(JSON.parse(JSON.stringify(value)))
  })

  it('keeps a member called __proto__ a member and pollutes nothing', async () => {
    const value = JSON.parse('{"__proto__":{"polluted":true},"a":{"__proto__":1}}') as Json
    const stored = await bench.put(freshPartition()(), value)
    expect(JSON.stringify(stored.value)).toBe(JSON.stringify(value))
    expect(Object.hasOwn(stored.value as object, '__proto__')).toBe(true)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  const refused: Record<string, () => unknown> = {
    undefined: () => undefined,
    'a function': () => () => 1,
    'a symbol': () => Symbol('s'),
    'a bigint': () => ({ n: 1n }),
    'a cycle': () => {
      const cycle: Record<string, unknown> = {}
      cycle['self'] = { cycle }
      return cycle
    },
  }
  it.each(Object.keys(refused))('refuses %s with a TypeError and writes nothing', async (name) => {
    const key = freshPartition()()
    const value = refused[name]?.() as Json
    await expect(bench.commit([{ type: 'insert', key, value, expiresAt: null }])).rejects.toThrow(TypeError)
    expect(await bench.get(key)).toBeUndefined()
  })

  it('is not touched by later changes to a value that was passed in', async () => {
    const key = freshPartition()()
    const value = { list: ['a'], inner: { n: 1 } }
    const commit = bench.commit([{ type: 'insert', key, value, expiresAt: null }])
    value.list.push('b')
    await commit
    value.inner.n = 2
    expect((await bench.get(key))?.value).toEqual({ list: ['a'], inner: { n: 1 } })
  })

  it('does not freeze or otherwise change a value that was passed in', async () => {
    const value = { list: ['a'], inner: { n: 1 } }
    await bench.put(freshPartition()(), value)
    value.inner.n = 2
    value.list.push('b')
    expect(value).toEqual({ list: ['a', 'b'], inner: { n: 2 } })
  })

  it('is not touched by changes to a value that was returned', async () => {
    const key = freshPartition()()
    const { value } = await bench.put(key, { list: ['a'], inner: { n: 1 } })
    const returned = value as { list: string[]; inner: { n: number } }
    for (const change of [() => returned.list.push('b'), () => (returned.inner.n = 2)])
      try {
        change()
      } catch (error) {
        // A frozen value refuses; that is as good.
        expect(error).toBeInstanceOf(TypeError)
      }
    expect((await bench.get(key))?.value).toEqual({ list: ['a'], inner: { n: 1 } })
  })
}
