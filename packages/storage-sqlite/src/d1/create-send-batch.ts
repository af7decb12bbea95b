import { StorageError } from '@gatewright/storage'
import type { D1Database, D1Result } from './d1-database.ts'
import { toStorageError } from './to-storage-error.ts'

/** A statement with what is bound to it. */
export interface BoundStatement {
  readonly sql: string
  readonly values: readonly (string | number)[]
}

/** Sends statements as one transaction, which is one round trip. */
export type SendBatch = (statements: readonly BoundStatement[]) => Promise<D1Result[]>

/**
 * Adapts a database: a call has only so long to be answered, and what passes by itself becomes a {@link StorageError}.
 * Nothing is sent again: D1 repeats reads by itself, and a write may have happened.
 *
 * @param timeout milliseconds
 */
export function createSendBatch(database: D1Database, timeout: number): SendBatch {
  return async (statements) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const deadline = new Promise<never>((_, reject) => {
      const late = () =>
        reject(new StorageError('busy', `D1 did not answer within ${timeout / 1000} seconds`))
      timer = setTimeout(late, timeout)
    })
    const answer = database.batch(statements.map(({ sql, values }) => database.prepare(sql).bind(...values)))
    try {
      return await Promise.race([answer, deadline])
    } catch (error) {
      throw toStorageError(error)
    } finally {
      clearTimeout(timer)
    }
  }
}
