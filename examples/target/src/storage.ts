import { createMemoryStorage } from '@gatewright/storage'
import type { Listing, Storage, Sweeper } from '@gatewright/storage'
import { createPostgresStorage, migrate } from '@gatewright/storage-postgres'
import { createRedisStorage } from '@gatewright/storage-redis'
import { createSqliteStorage } from '@gatewright/storage-sqlite'
import { Redis } from 'ioredis'
import Database from 'libsql'
import pg from 'pg'

/** Opens the storage that `STORAGE` names. */
export function openStorage(choice: string): Storage & Listing & Sweeper {
  if (choice === 'memory') return createMemoryStorage()
  if (choice.startsWith('postgres:')) return createPostgresStorage({ client: connectToPostgres(choice) })
  if (choice.startsWith('redis:')) {
    const client = new Redis(choice, { maxRetriesPerRequest: 1, retryStrategy: () => 100 })
    // A lost connection is told to whoever waits for an answer.
    client.on('error', () => undefined)
    return createRedisStorage({ client })
  }
  return createSqliteStorage({ database: new Database(choice.slice('sqlite:'.length)) })
}

/** Brings the tables of the storage that `STORAGE` names up to date, where it has such. */
export async function migrateStorage(choice: string): Promise<void> {
  if (!choice.startsWith('postgres:')) return
  const client = connectToPostgres(choice)
  await migrate(client)
  await client.end()
}

function connectToPostgres(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 5000 })
  // Without a listener the process ends when an idle connection breaks, as it does when the server restarts.
  pool.on('error', () => undefined)
  return pool
}
