import { createMemoryStorage } from '@gatewright/storage'
import type { Json, Key, Operation, Revision } from '@gatewright/storage'
import { expect, it } from 'vitest'

const key = (id: string): Key => ({ partition: 'p', collection: 'c', id })
const insert = (id: string, value: Json): Operation => ({
  type: 'insert',
  key: key(id),
  value,
  expiresAt: null,
})

function changing(change: (list: unknown[]) => void): Json {
  const list: unknown[] = []
  const first = {
    get a() {
      change(list)
      return 'first'
    },
  }
  list.push(first, 'second')
  return { list, after: 'after' }
}

const pop = (list: unknown[]) => void (list.length > 1 && list.pop())

// Half a record would be read on into the bytes of the next one.
it.each<[string, () => Json, object]>([
  ['a member called toJSON', () => ({ a: { toJSON: 1 }, b: [{ toJSON: {} }] }), {}],
  ['a toJSON inside what a toJSON gives', () => ({ toJSON: () => ({ a: { toJSON: 'x' } }) }), {}],
  [
    'a list that shrinks while it is written',
    () => changing(pop),
    { list: [{ a: 'first' }], after: 'after' },
  ],
  [
    'a list that grows while it is written',
    () => changing((list) => list.push('third')),
    { list: [{ a: 'first' }, 'second'], after: 'after' },
  ],
])('stores %s as JSON does, and nothing of another record', async (_, create, expected) => {
  const storage = createMemoryStorage()
  await storage.commit([insert('one', create()), insert('two', { secret: 'shared' })], 0)
  await storage.commit([insert('three', { secret: 'shared' })], 0)
  const wanted = Object.keys(expected).length > 0 ? expected : JSON.parse(JSON.stringify(create()))
  expect((await storage.get([key('one')], 0))[0]?.value).toEqual(wanted)
  await storage.commit([{ type: 'delete', key: key('one') }], 0)
  const [, two, three] = await storage.get([key('one'), key('two'), key('three')], 0)
  expect([two?.value, three?.value]).toEqual([{ secret: 'shared' }, { secret: 'shared' }])
})

it('refuses an insert without a value, and takes no value that stands beside a deletion', async () => {
  const storage = createMemoryStorage()
  const bare = { type: 'insert', key: key('one'), expiresAt: null } as unknown as Operation
  await expect(storage.commit([insert('two', 2), bare], 0)).rejects.toThrow(TypeError)
  expect(await storage.list('p', 'c', { now: 0, limit: 9 })).toEqual([])
  const beside = { type: 'delete', key: key('two'), value: () => 'no JSON' } as unknown as Operation
  expect(await storage.commit([beside], 0)).toBe(true)
})

/** A small generator with a fixed seed (xorshift), so that a failure repeats. */
function seeded(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const pieces = [
  ':',
  'a',
  'A',
  '-',
  '_',
  '\u007f',
  'ÿ',
  'Ā',
  '日',
  '🔑',
  'a:',
  'A'.repeat(21),
  'AB'.repeat(21),
]
const names = ['a', 'b', 'toJSON', '__proto__', 'constructor', '7', '07', '', 'n'.repeat(70), '\ud800', '🔑']
const numbers = [0, -0, 1, 222, 223, 224, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -1, 0.5, NaN, -Infinity, 1e300]

function texts(pick: (below: number) => number) {
  const of = <T>(list: readonly T[]) => list[pick(list.length)] as T
  const text = () => Array.from({ length: 1 + pick(4) }, () => of(pieces)).join('')
  function value(depth: number): unknown {
    const kind = pick(depth === 0 ? 6 : 9)
    if (kind === 0) return of([null, true, false, undefined, new Date(0)])
    if (kind <= 2) return of(numbers)
    if (kind <= 5)
      return pick(400) === 0 ? of(['x', '日', 'ÿ']).repeat(70_000) : `${text()}${of(['', '\ud800', '\0'])}`
    const members = Array.from({ length: pick(5) }, () => value(depth - 1))
    if (kind === 6) return Object.assign(Array.from({ length: pick(3) }), members)
    if (kind === 7) return Object.fromEntries(members.map((member) => [of(names), member]))
    return Object.assign(Object.create(null) as object, { [text()]: members, [text()]: of(numbers) })
  }
  return { of, text, value }
}

it.each([1, 2, 3])(
  'gives back what JSON would, under keys that resemble each other (seed %i)',
  async (seed) => {
    const pick = seeded(seed)
    const { of, text, value } = texts(pick)
    const storage = createMemoryStorage()
    const model = new Map<string, string>()
    const wrong: unknown[] = []
    const parts = Array.from({ length: 6 }, text)
    const ids = [...new Set(Array.from({ length: 60 }, text))]
    const partition = text()
    const nameOf = ({ collection, id }: Key) => JSON.stringify([collection, id])

    async function check(wanted: Key) {
      const [stored] = await storage.get([wanted], 0)
      const read = stored && JSON.stringify(stored.value)
      if (read !== model.get(nameOf(wanted))) wrong.push([wanted, read, model.get(nameOf(wanted))])
      return stored?.revision ?? ('none' as Revision)
    }

    for (let round = 0; round < 2000; round++) {
      const wanted = { partition, collection: of(parts), id: of(ids) }
      const revision = await check(wanted)
      const written = value(3) ?? null
      const what = { key: wanted, value: written as Json, expiresAt: null }
      const kind = pick(4)
      if (kind === 0) {
        await storage.commit([{ type: 'delete', key: wanted }], 0)
        model.delete(nameOf(wanted))
      } else if (
        await storage.commit(
          [kind === 1 ? { type: 'insert', ...what } : { type: 'replace', ...what, revision }],
          0,
        )
      )
        model.set(nameOf(wanted), JSON.stringify(written))
      else expect(model.has(nameOf(wanted))).toBe(kind === 1)
      if (round % 50 !== 0) continue
      expect([round, wrong]).toEqual([round, []])
      for (const collection of new Set(parts)) {
        const known = ids.filter((id) => model.has(nameOf({ partition, collection, id })))
        const listed = await storage.list(partition, collection, { now: 0, limit: 100 })
        expect(new Set(listed)).toEqual(new Set(known))
        for (const id of known) await check({ partition, collection, id })
      }
    }
    expect(wrong).toEqual([])
  },
)
