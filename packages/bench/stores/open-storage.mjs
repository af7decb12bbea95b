import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Opens an empty storage of a kind, with what it stands on. PostgreSQL and Redis are those that DATABASE_URL and REDIS_URL name; in
 * PostgreSQL it is a schema of its own, which is dropped before.
 */
export async function openStorage(kind, { schema = 'gatewright_bench' } = {}) {
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
      const database = new Database(join(folder, 'bench.db'))
      return { storage: createSqliteStorage({ database }), database }
    }
    case 'postgres': {
      const { default: pg } = await import('pg')
      const { createPostgresStorage, migrate } = await import('@gatewright/storage-postgres')
      const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
      const table = `${schema}.gatewright_records`
      await pool.query(`drop schema if exists ${schema} cascade; create schema ${schema}`)
      await migrate(pool, { table })
      return { storage: createPostgresStorage({ client: pool, table }), pool, table }
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
