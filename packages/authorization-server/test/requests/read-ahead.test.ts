import { createMemoryStorage } from '@gatewright/storage'
import type { Key } from '@gatewright/storage'
import { expect, it } from 'vitest'
import { createReadAhead } from '../../src/requests/read-ahead.ts'
import type { ServerContext } from '../../src/server-context.ts'
import { hookedStorage } from '../support/hooked-storage.ts'

const key = (id: string): Key => ({ partition: `p-${id}`, collection: 'things', id })

/** The reads of a request at a server with the records a, b and c, of which c ends at 100. */
async function request(needed?: readonly Key[]) {
  const { storage, calls } = hookedStorage({}, createMemoryStorage())
  for (const id of ['a', 'b', 'c'])
    await storage.commit(
      [{ type: 'insert', key: key(id), value: { id }, expiresAt: id === 'c' ? 100 : null }],
      0,
    )
  calls.length = 0
  const clock = { now: 0 }
  const server = { storage, now: () => clock.now } as Partial<ServerContext> as ServerContext
  const reads = createReadAhead(server, needed && (async () => needed))
  const ids = (found: readonly ({ readonly value: unknown } | undefined)[]) =>
    found.map((stored) => (stored?.value as { id: string } | undefined)?.id)
  return {
    clock,
    trips: () => calls.map(({ keys }) => keys.map(({ id }) => id).join('+')),
    get: async (...names: string[]) => ids(await reads.get(names.map(key))),
    getWith: async (names: string[], others: string[]) =>
      ids(await reads.getWith(names.map(key), others.map(key))),
  }
}

it('the first trip brings what is known to be needed', async () => {
  const { getWith, get, trips } = await request([key('b'), key('c')])
  expect(await getWith(['a'], ['none'])).toEqual(['a'])
  expect(await getWith(['none'], [])).toEqual([undefined])
  expect(await get('b', 'c')).toEqual(['b', 'c'])
  expect(trips()).toEqual(['a+none+b+c'])
})

it('what was read ahead is handed out once', async () => {
  const { getWith, get, trips } = await request([key('b')])
  await getWith(['a'], [])
  expect([await get('b'), await get('b'), await getWith(['b'], ['c'])]).toEqual([['b'], ['b'], ['b']])
  expect(trips()).toEqual(['a+b', 'b', 'b+c'])
})

it('what was read ahead is handed out only while it lives', async () => {
  const { clock, getWith, get } = await request([key('c')])
  await getWith(['a'], [])
  clock.now = 100
  expect(await get('c')).toEqual([undefined])
})

it('who needs more than was read ahead reads all of it at one moment', async () => {
  const { getWith, get, trips } = await request([key('b')])
  await getWith(['a'], [])
  expect(await get('b', 'c')).toEqual(['b', 'c'])
  expect(trips()).toEqual(['a+b', 'b+c'])
})

it('a request that reads nothing else first asks for nothing more', async () => {
  const { get, trips } = await request([key('b')])
  expect(await get('a')).toEqual(['a'])
  expect(trips()).toEqual(['a'])
})
