import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Opens an empty storage of a kind. PostgreSQL and Redis are those that DATABASE_URL and REDIS_URL name. */
export async function openStorage(kind) {
  switch (kind) {
    case 'memory': {
      const { createMemoryStorage } = await import('@gatewright/storage')
      return { storage: createMemoryStorage({ maxRecords: 20_000_000 }) }
    }
    case 'sqlite': {
      const { default: Database } = await import('libsql')
      const { createSqliteStorage } = await import('@gatewright/storage-sqlite')
      const folder = mkdtempSync(join(tmpdir(), 'gatewright-bench-'))
      process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
      process.on('SIGTERM', () => process.exit())
      return { storage: createSqliteStorage({ database: new Database(join(folder, 'bench.db')) }) }
    }
    case 'postgres': {
      const { default: pg } = await import('pg')
      const { createPostgresStorage, migrate } = await import('@gatewright/storage-postgres')
      const client = new pg.Pool({ connectionString: process.env.DATABASE_URL })
      await migrate(client)
      return { storage: createPostgresStorage({ client }) }
    }
    case 'redis': {
      const { Redis } = await import('ioredis')
      const { createRedisStorage } = await import('@gatewright/storage-redis')
      const prefix = `bench-${Date.now()}-${process.pid}`
      return { storage: createRedisStorage({ client: new Redis(process.env.REDIS_URL), prefix }) }
    }
    default:
      throw new Error(`there is no storage "${kind}"`)
  }
}

/** The storages that can be opened here. */
export function storageKinds() {
  return [
    'memory',
    'sqlite',
    ...(process.env.DATABASE_URL === undefined ? [] : ['postgres']),
    ...(process.env.REDIS_URL === undefined ? [] : ['redis']),
  ]
}
