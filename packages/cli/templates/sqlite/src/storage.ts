import { createSqliteStorage } from '@gatewright/storage-sqlite'
import Database from 'libsql'

/** Keeps everything in a file, which several processes may share. */
export function openStorage() {
  const database = new Database(process.env['DATABASE_FILE'] ?? 'gatewright.db')
  const storage = createSqliteStorage({ database })
  // Frees the room of expired records; nothing else depends on it.
  setInterval(
    () => void storage.sweep({ now: Date.now(), limit: 10_000 }).catch(console.error),
    60_000,
  ).unref()
  return storage
}
