import type { Json } from './json.ts'
import type { Key } from './key.ts'
import type { Revision } from './revision.ts'

/**
 * Writes a record only if its key is absent or expired.
 *
 * @group Contract
 */
export interface InsertOperation {
  readonly type: 'insert'
  readonly key: Key
  readonly value: Json
  /** Instant in milliseconds from which the record is absent; `null` says: never. */
  readonly expiresAt: number | null
}

/**
 * Writes a record only if it is alive and still has the revision that was read. Sets the expiry anew as well.
 *
 * @group Contract
 */
export interface ReplaceOperation {
  readonly type: 'replace'
  readonly key: Key
  readonly revision: Revision
  readonly value: Json
  /** Instant in milliseconds from which the record is absent; `null` says: never. */
  readonly expiresAt: number | null
}

/**
 * Asserts that a record is alive and still has the revision that was read; writes nothing.
 *
 * @group Contract
 */
export interface CheckOperation {
  readonly type: 'check'
  readonly key: Key
  readonly revision: Revision
}

/**
 * Removes a record. With `revision` only if it is alive and unchanged (so that of many exactly one succeeds);
 * without it whatever is there, and never a reason for the commit to fail.
 *
 * @group Contract
 */
export interface DeleteOperation {
  readonly type: 'delete'
  readonly key: Key
  readonly revision?: Revision
}

/**
 * One step of a commit. There is no unconditional write on purpose: a late update of a revoked record must fail
 * instead of bringing the record back.
 *
 * @group Contract
 */
export type Operation = InsertOperation | ReplaceOperation | CheckOperation | DeleteOperation
