import { describeStorage } from '@gatewright/storage/testing'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import type { SqliteDatabase } from '@gatewright/storage-sqlite'
import Database from 'libsql'
import { describe, it } from 'vitest'
import { createTemporaryFile } from './support/temporary-file.ts'

describeStorage('SQLite in memory (libsql)', () => {
  const database = new Database(':memory:')
  return { storage: createSqliteStorage({ database }), close: () => void database.close() }
})

describeStorage('SQLite in a file (libsql)', () => {
  const file = createTemporaryFile()
  const database = new Database(file.path)
  return {
    storage: createSqliteStorage({ database, table: 'other_records' }),
    close() {
      database.close()
      file.remove()
    },
  }
})

interface BuiltInDriver {
  readonly DatabaseSync?: new (path: string) => SqliteDatabase & { close(): void }
  readonly Database?: new (path: string) => SqliteDatabase & { close(): void }
}

/** Loads a driver that comes with the runtime, or returns `undefined` where it does not exist. */
async function builtIn(name: string): Promise<BuiltInDriver | undefined> {
  return (import(/* @vite-ignore */ name) as Promise<BuiltInDriver>).catch(() => undefined)
}

for (const name of ['node:sqlite', 'bun:sqlite']) {
  const driver = await builtIn(name)
  const Driver = driver?.DatabaseSync ?? driver?.Database
  if (Driver === undefined) {
    describe(`SQLite in a file (${name})`, () => {
      it.skip(`${name} does not exist in this runtime`, () => undefined)
    })
    continue
  }
  describeStorage(`SQLite in a file (${name})`, () => {
    const file = createTemporaryFile()
    const database = new Driver(file.path)
    return {
      storage: createSqliteStorage({ database }),
      close() {
        database.close()
        file.remove()
      },
    }
  })
}
