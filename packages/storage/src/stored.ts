import type { Key } from './key.ts'
import type { Revision } from './revision.ts'

/**
 * A live record as it was read. Its value is read-only: a driver hands out a fresh copy, or the very object that it
 * keeps, deeply frozen.
 *
 * @group Contract
 */
export interface Stored<T = unknown> {
  readonly key: Key
  /** Whatever was written; check its shape before use, another version of the program may have written it. */
  readonly value: T
  readonly revision: Revision
  /** Instant in milliseconds from which the record is absent; `null`: never. */
  readonly expiresAt: number | null
}
