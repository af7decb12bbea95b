import { afterAll, beforeAll } from 'vitest'
import type { TestContext } from 'vitest'
import type { Json } from '../json.ts'
import type { Key } from '../key.ts'
import type { Listing } from '../listing.ts'
import type { Operation } from '../operation.ts'
import { createRevision } from '../revision.ts'
import type { Storage } from '../storage.ts'
import type { Stored } from '../stored.ts'
import type { Sweeper } from '../sweeper.ts'

/**
 * A storage to be tested. Tests of listing and sweeping are skipped, visibly, when it has no such method.
 *
 * @group Testing
 */
export interface StorageUnderTest {
  readonly storage: Storage & Partial<Listing> & Partial<Sweeper>
  /** Releases what the factory opened. */
  close?(): void | Promise<void>
}

/**
 * Opens a storage for one group of tests. Called several times; all may share one database, because every test
 * works in a partition of its own.
 *
 * @group Testing
 */
export type StorageFactory = () => StorageUnderTest | Promise<StorageUnderTest>

/** The instant at which most tests happen. */
export const t0 = 1_900_000_000_000

/** What the tests of one group work with. */
export interface Bench {
  readonly storage: StorageUnderTest['storage']
  /** The storage's listing; skips the test when it has none. */
  listing(context: TestContext): Listing
  /** The storage's sweeper; skips the test when it has none. */
  sweeper(context: TestContext): Sweeper
  get(key: Key, now?: number): Promise<Stored | undefined>
  /** Inserts a record, which must succeed, and returns it as it was read back. */
  put(key: Key, value: Json, expiresAt?: number | null): Promise<Stored>
  commit(operations: readonly [Operation, ...Operation[]], now?: number): Promise<boolean>
}

/** Opens one storage for the surrounding group of tests and closes it afterwards. */
export function openBench(factory: StorageFactory): Bench {
  let subject: StorageUnderTest | undefined
  beforeAll(async () => {
    subject = await factory()
  })
  afterAll(async () => {
    await subject?.close?.()
    subject = undefined
  })
  const storage = () => {
    if (subject === undefined) throw new Error('the storage is not open')
    return subject.storage
  }
  const get: Bench['get'] = async (key, now = t0) => (await storage().get([key], now))[0]
  return {
    get storage() {
      return storage()
    },
    listing(context) {
      const { list } = storage()
      if (list === undefined) return context.skip('this storage does not list')
      return { list: list.bind(storage()) }
    },
    sweeper(context) {
      const { sweep } = storage()
      if (sweep === undefined) return context.skip('this storage does not sweep')
      return { sweep: sweep.bind(storage()) }
    },
    get,
    async put(key, value, expiresAt = null) {
      const inserted = await storage().commit([{ type: 'insert', key, value, expiresAt }], t0)
      const stored = await get(key)
      if (!inserted || stored === undefined) throw new Error('the record of the test was not inserted')
      return stored
    },
    commit: (operations, now = t0) => storage().commit(operations, now),
  }
}

/** Returns a function that makes keys in one partition that no other test uses. */
export function freshPartition(): (id?: string, collection?: string) => Key {
  const partition = `test-${createRevision()}`
  return (id = 'a', collection = 'things') => ({ partition, collection, id })
}

/** Calls a function `count` times at once and returns how many calls resolved to `true`. */
export async function winners(count: number, attempt: (index: number) => Promise<boolean>): Promise<number> {
  const results = await Promise.all(Array.from({ length: count }, (_, index) => attempt(index)))
  return results.filter(Boolean).length
}
