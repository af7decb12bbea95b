import { PGlite } from '@electric-sql/pglite'
import type { Key, Operation, Stored } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const now = 1_900_000_000_000
let database: PGlite
let storage: ReturnType<typeof createPostgresStorage>
/** What the server answered with an error. */
const errors: unknown[] = []
beforeAll(async () => {
  database = new PGlite()
  await migrate(database)
  const client = {
    query: (text: string, values?: unknown[]) =>
      database.query(text, values).catch((error: unknown) => {
        errors.push(error)
        throw error
      }),
  }
  storage = createPostgresStorage({ client })
})
afterAll(() => database.close())

let partitions = 0
function scene() {
  const partition = `p${partitions++}`
  const at = (id: string): Key => ({ partition, collection: 'things', id })
  const insert = (id: string, expiresAt: number | null = null): Operation => ({ type: 'insert', key: at(id), value: 'new', expiresAt }) // prettier-ignore
  const put = async (id: string, expiresAt: number | null = null): Promise<Stored> => {
    await storage.commit([{ type: 'insert', key: at(id), value: 'old', expiresAt }], now)
    const [stored] = await storage.get([at(id)], now)
    if (stored === undefined) throw new Error('no record')
    return stored
  }
  const values = async (instant: number, ...ids: string[]) =>
    (await storage.get(ids.map(at), instant)).map((stored) => stored?.value)
  return { at, insert, put, values }
}
const replace = ({ key, revision }: Stored, expiresAt: number | null = null): Operation => ({ type: 'replace', key, revision, value: 'new', expiresAt }) // prettier-ignore
const check = ({ key, revision }: Stored): Operation => ({ type: 'check', key, revision })
const remove = ({ key, revision }: Stored): Operation => ({ type: 'delete', key, revision })

/** The statements that there are for a commit: one for a single operation, one for a pair, one for all others. */
const companions = [0, 1, 2]

describe.each(companions)('an operation among %i inserts of other keys', (count) => {
  const withOthers = (operation: Operation, insert: (id: string) => Operation) =>
    [...Array.from({ length: count }, (_, index) => insert(`other${index}`)), operation] as [Operation]

  it('CC-20 holds until the millisecond before the expiry only', async () => {
    for (const operationOn of [replace, check, remove]) {
      const { insert, put, values } = scene()
      const stored = await put('a', now + 1000)
      const operations = withOthers(operationOn(stored), insert)
      expect(await storage.commit(operations, now + 1000)).toBe(false)
      expect(await values(now, 'a', 'other0')).toEqual(['old', undefined])
      expect(await storage.commit(operations, now + 999)).toBe(true)
    }
  })

  it('CC-20 inserts over a record from the millisecond of its expiry on', async () => {
    const { insert, put, values } = scene()
    await put('a', now + 1000)
    const operations = withOthers(insert('a', now + 9000), insert)
    expect(await storage.commit(operations, now + 999)).toBe(false)
    expect(await values(now, 'a', 'other0')).toEqual(['old', undefined])
    expect(await storage.commit(operations, now + 1000)).toBe(true)
    expect(await values(now + 1000, 'a')).toEqual(['new'])
  })

  it('writes everything anew: value, revision, expiry, and when a sweep may come', async () => {
    const day = 86_400_000
    for (const kind of ['replace', 'insert'] as const) {
      const { at, insert, put } = scene()
      const old = await put('a', now + 1000)
      const instant = kind === 'replace' ? now : now + 1000
      const operation = kind === 'replace' ? replace(old, now + day) : insert('a', now + day)
      expect(await storage.commit(withOthers(operation, insert), instant)).toBe(true)
      await storage.sweep({ now: now + day - 1, limit: 1000 })
      const [stored] = await storage.get([at('a')], now + day - 1)
      expect(stored).toMatchObject({ value: 'new', expiresAt: now + day })
      expect(stored?.revision).not.toBe(old.revision)
      expect(stored?.revision).toMatch(/^[\w-]{22}$/)
      await storage.sweep({ now: now + 2 * day, limit: 1000 })
      expect(await storage.get([at('a')], now)).toEqual([undefined])
    }
  })
})

describe('a replace and an insert', () => {
  it('take the revision, the expiry and the sweep of their own', async () => {
    const { at, insert, put } = scene()
    const old = await put('a')
    await storage.commit([insert('b', now + 1000), replace(old, now + 600_000)], now)
    const [a, b] = await storage.get([at('a'), at('b')], now)
    expect([a?.expiresAt, b?.expiresAt]).toEqual([now + 600_000, now + 1000])
    expect(a?.revision).not.toBe(b?.revision)
    await storage.sweep({ now: now + 200_000, limit: 1000 })
    expect((await storage.get([at('a'), at('b')], now)).map((stored) => stored !== undefined)).toEqual([true, false])
  }) // prettier-ignore
})

describe('a commit that loses', () => {
  it('is no error on the server, whichever of its records has changed', async () => {
    const stale = async (put: (id: string) => Promise<Stored>, id: string) => {
      const old = await put(id)
      await storage.commit([replace(old)], now)
      return old
    }
    errors.length = 0
    for (const first of [replace, check, remove])
      for (const second of [replace, check, remove])
        for (const order of [['a', 'b'], ['b', 'a']] as const) {
          const { insert, put, values } = scene()
          const [fresh, changed] = [await put(order[0]), await stale(put, order[1])]
          expect(await storage.commit([first(fresh), insert('c'), second(changed)], now)).toBe(false)
          expect(await values(now, order[0], 'c')).toEqual(['old', undefined])
        } // prettier-ignore
    expect(errors).toEqual([])
  })

  it('is one, undone and told by its code, when a key is taken after something was written', async () => {
    const { insert, put, values } = scene()
    const [stored, checked] = [await put('a'), await put('c'), await put('taken')]
    for (const operations of [
      [replace(stored), insert('taken')],
      [replace(stored), insert('b'), insert('taken')],
      [insert('b'), insert('taken')],
      [check(stored), insert('b'), insert('taken')],
      [remove(stored), insert('taken')],
      [replace(stored), check(checked), insert('taken')],
    ]) {
      errors.length = 0
      expect(await storage.commit(operations as [Operation], now)).toBe(false)
      expect(errors).toMatchObject([{ code: 'GW001' }])
      expect(await values(now, 'a', 'b', 'taken')).toEqual(['old', undefined, 'old'])
    }
    errors.length = 0
    expect(await storage.commit([check(stored), insert('taken')], now)).toBe(false)
    expect(errors).toEqual([])
  })
})
