/**
 * The storage contract of Gatewright, its implementation in memory, and the small ports that stand on it.
 *
 * @module @gatewright/storage
 */
export { createCounter } from './counter.ts'
export type { Counter, CounterOptions, Hit, HitOptions } from './counter.ts'
export { encodeValue } from './encode-value.ts'
export type { Json } from './json.ts'
export type { Key } from './key.ts'
export type { Listing, ListOptions } from './listing.ts'
export { createMemoryStorage } from './memory-storage.ts'
export type { MemoryStorageOptions } from './memory-storage.ts'
export type {
  CheckOperation,
  DeleteOperation,
  InsertOperation,
  Operation,
  ReplaceOperation,
} from './operation.ts'
export { createReplayStore } from './replay-store.ts'
export type { ReplayStore } from './replay-store.ts'
export { createRevision } from './revision.ts'
export type { Revision } from './revision.ts'
export { isStorageError, StorageError } from './storage-error.ts'
export type { StorageErrorCode } from './storage-error.ts'
export type { Storage } from './storage.ts'
export type { Stored } from './stored.ts'
export type { Sweeper, SweepOptions } from './sweeper.ts'
export { verifyInstant } from './verify-instant.ts'
export { verifyKeyPart, verifyKeys } from './verify-keys.ts'
export { verifyLimit } from './verify-limit.ts'
export { verifyOperations } from './verify-operations.ts'
