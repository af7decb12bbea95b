const brand = Symbol.for('gatewright.StorageError')

/**
 * What keeps a storage from answering although it was used rightly: `full`, there is no room and nothing may be
 * evicted; `busy`, other writers kept it occupied for longer than the driver waits, or it cannot be reached.
 *
 * @group Errors
 */
export type StorageErrorCode = 'full' | 'busy'

/**
 * The storage cannot take the work now; the same call may succeed later. A server answers 503.
 *
 * Nothing was written, with one exception: when the connection is lost while a commit waits for its answer, the commit
 * may have been applied. Only a new read tells.
 *
 * @group Errors
 */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode
  readonly [brand] = true

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * Tells whether something thrown is a {@link StorageError}, also one of another copy of this package.
 *
 * @group Errors
 */
export function isStorageError(error: unknown): error is StorageError {
  return typeof error === 'object' && error !== null && brand in error
}
