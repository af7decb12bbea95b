import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStorage } from '@gatewright/storage'
import type { Listing, Storage } from '@gatewright/storage'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import Database from 'libsql'

/** A store that several servers open, each as a process of its own would. */
export interface SharedStore {
  open(): Storage & Listing
  close(): void
}

function memory(): SharedStore {
  const storage = createMemoryStorage()
  return { open: () => storage, close: () => {} }
}

function sqlite(): SharedStore {
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-as-'))
  const databases: Database.Database[] = []
  return {
    open() {
      const database = new Database(join(directory, 'test.db'))
      databases.push(database)
      return createSqliteStorage({ database })
    },
    close() {
      for (const database of databases) database.close()
      rmSync(directory, { recursive: true })
    },
  }
}

/** The stores that races are run on. */
export const stores = [
  ['memory', memory],
  ['SQLite', sqlite],
] as const
