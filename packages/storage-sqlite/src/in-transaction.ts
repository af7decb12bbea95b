import type { Statements } from './statements.ts'

/** Runs work between begin and commit; rolls back when it returns `false` or throws. */
export function inTransaction<T>(statements: Statements, begin: () => void, work: () => T): T {
  begin()
  try {
    const result = work()
    if (result === false) statements.rollback()
    else statements.commit()
    return result
  } catch (error) {
    try {
      statements.rollback()
    } catch {
      // SQLite has rolled back by itself already (disk full, input/output error).
    }
    throw error
  }
}
