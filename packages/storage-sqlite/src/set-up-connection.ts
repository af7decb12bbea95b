import type { SqliteDatabase } from './sqlite-database.ts'
import { isBusy } from './to-storage-error.ts'

/**
 * What a commit survives. `normal`: the end of the process, however sudden; a power cut or a crash of the operating
 * system may undo the latest commits (the database stays consistent). `full`: those too, for an fsync per commit.
 */
export type Durability = 'normal' | 'full'

/**
 * Sets a connection up for several processes on one file: waiting instead of failing, readers that do not block the
 * writer, and the wanted durability.
 */
export function setUpConnection(database: SqliteDatabase, durability: Durability, busyTimeout: number): void {
  const milliseconds = Math.ceil(busyTimeout * 1000)
  database.exec(`pragma busy_timeout = ${milliseconds}`)
  const mode = switchToWal(database, milliseconds)
  // Without write-ahead log (a file system without shared memory) NORMAL could corrupt the file at a power cut.
  const synchronous = durability === 'normal' && mode === 'wal' ? 'normal' : 'full'
  database.exec(`pragma synchronous = ${synchronous}`)
}

function switchToWal(database: SqliteDatabase, milliseconds: number): string {
  const end = performance.now() + milliseconds
  for (;;) {
    try {
      const [row] = database.prepare('pragma journal_mode = wal').all()
      return String((row as { journal_mode?: unknown } | undefined)?.journal_mode)
    } catch (error) {
      // Of two processes that switch a new file at once SQLite fails one without waiting, lest both wait for ever.
      if (!isBusy(error) || performance.now() >= end) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
