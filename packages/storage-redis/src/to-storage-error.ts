import { StorageError } from '@gatewright/storage'

/** Answers of a server that cannot work now; most are over after a failover or a start. */
const unavailable =
  /(?:^|[:\s]-?)(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOREPLICAS|READONLY|TRYAGAIN|UNBLOCKED|ERR max number of clients)\b/
const full = /(?:^|[:\s]-?)OOM\b/
/** Every answer of a server begins with a word in capitals; no message of a client's own does. */
const answer = /^[A-Z][A-Z0-9]+ /

/**
 * Runs calls to Redis and turns "cannot work now" and a lost connection into a {@link StorageError}. Other answers of
 * the server (wrong password, no permission, an error in a script) and misuse pass as they are.
 */
export async function withStorageErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toStorageError(error)
  }
}

function toStorageError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StorageError || isMisuse(error)) return error
  const { message } = error
  if (full.test(message)) return new StorageError('full', 'the memory of Redis is full', { cause: error })
  if (unavailable.test(message)) return new StorageError('busy', 'Redis cannot work now', { cause: error })
  if (answer.test(message)) return error
  // Clients have a dozen errors for it, with names that change from version to version.
  return new StorageError('busy', 'the connection to Redis is lost', { cause: error })
}

function isMisuse(error: Error): boolean {
  return [TypeError, RangeError, SyntaxError, ReferenceError].some((kind) => error instanceof kind)
}
