import { StorageError } from '@gatewright/storage'

/**
 * Rejects with a {@link StorageError} when work takes longer than so many seconds. The work itself goes on: a client
 * that waits for its connection may still send the command.
 */
export async function withinTimeout<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new StorageError('busy', `Redis did not answer within ${seconds} seconds`)),
      seconds * 1000,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
