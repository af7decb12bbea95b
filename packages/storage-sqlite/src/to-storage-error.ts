import { StorageError } from '@gatewright/storage'

/**
 * Tells whether a driver's error says that another connection held the lock for too long (SQLITE_BUSY, 5), or that it kept
 * changing the write-ahead log for too long (SQLITE_PROTOCOL, 15).
 */
export function isBusy(error: unknown): boolean {
  const result = resultOf(error)
  return result === 5 || result === 15
}

/**
 * Runs calls to the database and turns "locked" and "full" of any driver into a {@link StorageError}; other errors
 * pass as they are.
 */
export function withStorageErrors<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const result = resultOf(error)
    if (isBusy(error)) throw new StorageError('busy', 'the database stayed locked', { cause: error })
    if (result === 13) throw new StorageError('full', 'the database or its disk is full', { cause: error })
    throw error
  }
}

/** The primary result code: node:sqlite says a number, the other drivers a name. */
function resultOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code.startsWith('SQLITE_BUSY')) return 5
  if (code === 'SQLITE_PROTOCOL') return 15
  return code === 'SQLITE_FULL' ? 13 : undefined
}
