import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A path for a database file in a directory of its own. */
export interface TemporaryFile {
  readonly path: string
  remove(): void
}

/** Creates the directory; the file itself is left to SQLite. */
export function createTemporaryFile(): TemporaryFile {
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-sqlite-'))
  return {
    path: join(directory, 'test.db'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
