import { StorageError } from '@gatewright/storage'
import type { SendStatement } from './send-statement.ts'
import { isRetryable, toStorageError } from './to-storage-error.ts'

const retries = 3

/**
 * Adds what every statement needs: it is sent again, up to three times, when the server undid it because of others
 * (serialization failure, deadlock), it has only so long to be answered, and what passes by itself becomes a
 * {@link StorageError}.
 *
 * @param timeout milliseconds, retries included
 */
export function createExecutor(send: SendStatement, timeout: number): SendStatement {
  return async (statement, values) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let late = false
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        late = true
        reject(new StorageError('busy', `the database did not answer within ${timeout / 1000} seconds`))
      }, timeout)
    })
    const attempt = async (left: number): Promise<readonly unknown[]> => {
      try {
        return await send(statement, values)
      } catch (error) {
        // Nobody waits for it any more: a commit must not happen long after it was reported as failed.
        if (left === 0 || late || !isRetryable(error)) throw toStorageError(error)
        return attempt(left - 1)
      }
    }
    try {
      return await Promise.race([attempt(retries), deadline])
    } finally {
      clearTimeout(timer)
    }
  }
}
