/**
 * The suite that every storage driver must pass. Needs vitest.
 *
 * @module @gatewright/storage/testing
 */
export { describeStorage } from './describe-storage.ts'
export type { StorageFactory, StorageUnderTest } from './storage-under-test.ts'
