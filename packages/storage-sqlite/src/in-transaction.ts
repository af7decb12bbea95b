import type { Statements } from './statements.ts'

/** Runs work between begin and commit; rolls back when it returns `false` or throws. */
export function inTransaction<T>(statements: Statements, begin: () => void, work: () => T): T {
  begin()
  try {
    const result = work()
    if (result === false) statements.rollback.run()
    else statements.commit.run()
    return result
  } catch (error) {
    try {
      statements.rollback.run()
    } catch {
      // SQLite has rolled back by itself already (disk full, input/output error).
    }
    throw error
  }
}
