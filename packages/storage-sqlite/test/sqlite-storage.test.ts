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

interface OtherDriver {
  readonly DatabaseSync?: new (path: string) => SqliteDatabase & { close(): void }
  readonly Database?: new (path: string) => SqliteDatabase & { close(): void }
  readonly default?: new (path: string) => SqliteDatabase & { close(): void }
}

/** Where `.ci/runtimes.mjs` puts it, which runs these tests on runtimes that it can be loaded into. */
const betterSqlite = new URL(
  '../../../node_modules/.cache/runtimes/node_modules/better-sqlite3/lib/index.js',
  import.meta.url,
).href
const isNode = 'process' in globalThis && !('Bun' in globalThis) && !('Deno' in globalThis)
/** On Node.js 20 it ends the process. */
const canLoadBetterSqlite = isNode && Number(process.versions.node.split('.')[0]) >= 22

const drivers = {
  'node:sqlite': () => load('node:sqlite'),
  'bun:sqlite': () => load('bun:sqlite'),
  'better-sqlite3': async () => (canLoadBetterSqlite ? load(betterSqlite) : undefined),
}

/** Loads a driver that comes with the runtime, or returns `undefined` where it does not exist. */
async function load(name: string): Promise<OtherDriver | undefined> {
  return (import(/* @vite-ignore */ name) as Promise<OtherDriver>).catch(() => undefined)
}

for (const [name, open] of Object.entries(drivers)) {
  const driver = await open()
  const Driver = driver?.DatabaseSync ?? driver?.Database ?? driver?.default
  if (Driver === undefined) {
    describe(`SQLite in a file (${name})`, () => {
      it.skip(`${name} is not installed in this runtime`, () => undefined)
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
