import { createMemoryStorage } from '@gatewright/storage'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import Database from 'libsql'

/** Opens the storage that `STORAGE` names. */
export function openStorage(choice: string) {
  if (choice === 'memory') return createMemoryStorage()
  return createSqliteStorage({ database: new Database(choice.slice('sqlite:'.length)) })
}
