import { describe } from 'vitest'
import { atomicityTests } from './atomicity-tests.ts'
import { concurrencyTests } from './concurrency-tests.ts'
import { conditionTests } from './condition-tests.ts'
import { counterTests } from './counter-tests.ts'
import { expiryTests } from './expiry-tests.ts'
import { keyTests } from './key-tests.ts'
import { listingTests } from './listing-tests.ts'
import { readingTests } from './reading-tests.ts'
import { replayTests } from './replay-tests.ts'
import { openBench } from './storage-under-test.ts'
import type { Bench, StorageFactory } from './storage-under-test.ts'
import { sweepingTests } from './sweeping-tests.ts'
import { valueTests } from './value-tests.ts'

const groups: Record<string, (bench: Bench) => void> = {
  conditions: conditionTests,
  atomicity: atomicityTests,
  reading: readingTests,
  expiry: expiryTests,
  concurrency: concurrencyTests,
  keys: keyTests,
  values: valueTests,
  listing: listingTests,
  sweeping: sweepingTests,
  'replay store': replayTests,
  counter: counterTests,
}

/**
 * Declares the tests that a storage must pass before anything is built on it: every condition of every operation,
 * all or nothing, expiry by the instant passed in, races, hostile keys and values, listing, sweeping, and the ports
 * on top. No test sleeps, and none needs a database of its own.
 *
 * It does not test durability, several processes or a lost connection: those need the driver's own means.
 *
 * @example
 * <!-- prelude
 * interface Database { close(): Promise<void> }
 * declare function openDatabase(): Promise<Database>
 * declare function createMyStorage(options: { database: Database }): Storage
 * -->
 * ```ts
 * describeStorage('my storage', async () => {
 *   const database = await openDatabase()
 *   return { storage: createMyStorage({ database }), close: () => database.close() }
 * })
 * ```
 * @group Testing
 */
export function describeStorage(name: string, factory: StorageFactory): void {
  describe(name, () => {
    for (const [group, declare] of Object.entries(groups)) describe(group, () => declare(openBench(factory)))
  })
}
