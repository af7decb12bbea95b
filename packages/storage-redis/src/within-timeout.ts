import { StorageError } from '@gatewright/storage'

/**
 * Rejects with a {@link StorageError} when work takes longer than so many seconds. The work itself goes on: a client
 * that waits for its connection may still send the command.
 */
export function withinTimeout<T>(seconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new StorageError('busy', `Redis did not answer within ${seconds} seconds`)),
      seconds * 1000,
    )
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
