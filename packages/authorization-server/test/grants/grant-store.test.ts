import type { Operation } from '@gatewright/storage'
import { describe, expect, it } from 'vitest'
import type { Grant } from '@gatewright/authorization-server'
import { createGrantStore } from '../../src/grants/grant-store.ts'
import { createPartitions } from '../../src/partitions.ts'
import { hookedStorage } from '../support/hooked-storage.ts'

const grant: Grant = {
  schema: 1,
  clientId: 'client',
  subject: 'alice',
  scope: 'read',
  resources: [],
  authenticatedAt: 0,
  createdAt: 0,
  expiresAt: 1_000_000,
}

async function stored() {
  const { storage, hooks, calls } = hookedStorage()
  const store = createGrantStore(storage, await createPartitions('https://auth.example.com'))
  await store.create('g', grant, 60_000, 0)
  const read = await store.read('g', 0)
  if (read === undefined) throw new Error('not stored')
  calls.length = 0
  return { store, read, hooks, calls }
}

describe('the grant store', () => {
  it('writes the index entries first, so that no grant is missing from the lists of its user and its client', async () => {
    const { storage, calls } = hookedStorage()
    const store = createGrantStore(storage, await createPartitions('https://auth.example.com'))
    await store.create('g', grant, 60_000, 0)
    expect(calls.map(({ operations }) => operations[0])).toMatchObject([
      { type: 'insert', key: { partition: expect.stringContaining(':s:') }, expiresAt: grant.expiresAt },
      { type: 'insert', key: { partition: expect.stringContaining(':a:') }, expiresAt: grant.expiresAt },
      { type: 'insert', key: { partition: expect.stringContaining(':g:g') }, expiresAt: 60_000 },
    ])
    expect(await store.create('g', grant, 60_000, 0)).toBe(false)
  })

  it('creates a grant with its changes or not at all, and after an attempt that came no further than the lists', async () => {
    const { storage, hooks, calls } = hookedStorage()
    const store = createGrantStore(storage, await createPartitions('https://auth.example.com'))
    const other = store.key('g', 'device_codes', 'd')
    const change: Operation = { type: 'insert', key: other, value: {}, expiresAt: 60_000 }
    hooks.lose = ({ keys }) => keys.some(({ partition }) => partition.endsWith(':g:g'))
    expect(await store.create('g', grant, 60_000, 0, [change])).toBe(false)
    hooks.lose = undefined
    expect(await store.create('g', grant, 60_000, 0, [change])).toBe(true)
    expect(calls.at(-1)?.keys).toHaveLength(2)
    const again = { ...change, key: store.key('h', 'device_codes', 'd') }
    await storage.commit([again], 0)
    expect(await store.create('h', grant, 60_000, 0, [again])).toBe(false)
    expect(await store.read('h', 0)).toBeUndefined()
  })

  it('never stores a grant shorter than before', async () => {
    const { store, read } = await stored()
    expect(await store.replace(read, grant, 1000, [], 0)).toBe(true)
    const again = await store.read('g', 0)
    expect(again?.expiresAt).toBe(60_000)
    if (again !== undefined) await store.replace(again, grant, 70_000, [], 0)
    expect((await store.read('g', 0))?.expiresAt).toBe(70_000)
  })

  it('does not change a grant that was revoked since it was read', async () => {
    const { store, read } = await stored()
    expect(await store.revoke(read, 0)).toBe(true)
    expect(await store.replace(read, grant, 60_000, [], 0)).toBe(false)
    expect(await store.read('g', 0)).toBeUndefined()
  })

  it('revokes whatever became of the grant since it was read, and says once who did', async () => {
    const { store, read } = await stored()
    await store.replace(read, { ...grant, scope: 'other' }, 60_000, [], 0)
    expect(await Promise.all([store.revoke(read, 0), store.revoke(read, 0), store.revoke(read, 0)])).toEqual(
      expect.arrayContaining([true, false, false]),
    )
    expect(await store.read('g', 0)).toBeUndefined()
  })

  it('revokes a grant that others keep changing', async () => {
    const { store, read, hooks } = await stored()
    hooks.lose = ({ operations }) => operations.some((operation) => 'revision' in operation)
    expect(await store.revoke(read, 0)).toBe(true)
    expect(await store.read('g', 0)).toBeUndefined()
  })

  it('reads a grant and a record of its partition in one round trip', async () => {
    const { store, calls } = await stored()
    const [found, other] = await store.readWith('g', [store.key('g', 'denied_tokens', 'j')], 0)
    expect([found?.value, other]).toEqual([grant, undefined])
    expect(calls).toHaveLength(1)
  })
})
