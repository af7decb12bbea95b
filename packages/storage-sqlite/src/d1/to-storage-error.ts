import { StorageError } from '@gatewright/storage'

/** D1 says in words only why it cannot work now; a class of messages each, as its documentation lists them. */
const unavailable =
  /connection lost|client disconnected|\bto be reset\b|\bwas reset\b|reset because|overloaded|transient|exceeded timeout/i
const full = /exceeded maximum DB size|maximum account storage|SQLITE_FULL/i

/**
 * Returns a {@link StorageError} for what passes by itself or fills up, and any other error as it is.
 *
 * @see [Cloudflare D1 - Error list](https://developers.cloudflare.com/d1/observability/debug-d1/#error-list)
 */
export function toStorageError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StorageError) return error
  if (full.test(error.message)) return new StorageError('full', 'the D1 database is full', { cause: error })
  if (unavailable.test(error.message))
    return new StorageError('busy', 'D1 is busy or cannot be reached', { cause: error })
  return error
}
